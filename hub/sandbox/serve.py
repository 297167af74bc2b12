"""Stand-ins as HTTP servers on this machine, each on a port of its own, in threads of this process."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from hub.sandbox import door, faults
from hub.sandbox.standin import Controls, StandIn, controls
from hub.sandbox.world import World

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, answers in one go and writes no line a request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's name
        """Say nothing: the caller of a stand-in has the answer."""


def application(standin: StandIn, world: World, controls: Controls) -> Flask:
    """The stand-in's app with its control door and its faults."""
    app = standin.app(world, controls)
    door.install(app, controls)
    faults.install(app, controls.faults)
    return app


@contextmanager
def serving(standins: Iterable[StandIn], world: World, *, now: Callable[[], float], port: int = 0) -> Iterator[dict[str, str]]:
    """Serve until the block is left; the origin of each stand-in by its id. `now` gives seconds since 1970.

    With a port, the stand-ins get it and those after it in their order; with 0, any free ones.
    """
    running: list[tuple[BaseWSGIServer, Thread, Controls]] = []
    origins = {}
    try:
        for place, standin in enumerate(standins):
            held = controls(now)
            app = application(standin, world, held)
            server = make_server(HOST, port + place if port else 0, app, threaded=True, request_handler=_Quiet)
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            running.append((server, thread, held))
            origins[standin.id] = f"http://{HOST}:{server.server_port}"
        yield origins
    finally:
        for server, thread, held in running:
            server.shutdown()
            thread.join()
            server.server_close()
            held.sender.close()


def serve(
    standins: Iterable[StandIn],
    world: World,
    *,
    now: Callable[[], float],
    port: int,
    ready: Callable[[dict[str, str]], None],
) -> None:
    """Serve until interrupted, after telling `ready` the origins: for the command line."""
    with serving(standins, world, now=now, port=port) as origins:
        ready(origins)
        try:
            Event().wait()
        except KeyboardInterrupt:
            return
