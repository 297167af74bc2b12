"""The command line. What a command needs is imported when it runs, so that each starts quickly."""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub import settings as settings_of
from hub.errors import HubError, Misdeclared

if TYPE_CHECKING:
    from hub.sync.hub import Hub


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def hub() -> None:
    """Ciclo Hub: one lifecycle of every customer, from the tools a company already uses."""


def main() -> None:
    """Run the command line; an error of ours is one plain line."""
    try:
        hub()
    except (HubError, KeyError) as error:
        click.echo(f"hub: {error}", err=True)
        sys.exit(1)


def _opened() -> "Hub":
    from hub.sync.hub import opened

    return opened(settings_of.read())


@hub.command()
def migrate() -> None:
    """Bring the database to the form this release needs."""
    from hub.store import database
    from hub.store import migrate as migrations

    click.echo(f"database at revision {migrations.migrate(database.opened(settings_of.read()))}")


@hub.command()
def up() -> None:
    """Run every process of the Procfile, and the embedded Valkey where REDIS_URL is not set."""
    from hub import processes

    settings = settings_of.read()
    _first_key(settings.data)
    migrate.callback()  # type: ignore[misc]
    link = _first_admin_link()
    if link:
        click.echo(f"Make the first admin here, once: {link}")
    manager = processes.up(settings, os.environ, sys.stdout)
    manager.loop()
    sys.exit(manager.returncode)


@hub.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def keep(command: tuple[str, ...]) -> None:
    """Run COMMAND, and start it again whenever it ends by itself."""
    from hub import processes

    sys.exit(processes.keep(command))


@hub.command()
def valkey() -> None:
    """Run the embedded Valkey."""
    from hub import processes

    processes.valkey(settings_of.read())


@hub.command()
def web() -> None:
    """Serve the pages and the API."""
    settings = settings_of.read()
    options = ["--bind", f"{settings.host}:{settings.port}", "--access-logfile", "/dev/null", "--log-level", "warning"]
    options += ["--worker-class", "gthread", "--threads", "8"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options, "hub.web.wsgi:application"])  # noqa: S606 - our own program


@hub.command()
def worker() -> None:
    """Take jobs until told to stop."""
    from hub import jobs

    jobs.work(settings_of.read())


@hub.command()
def clock() -> None:
    """Make due what is due, and find what a dead worker left; only one clock ticks, however many run."""
    from functools import partial

    from hub import jobs
    from hub.sync import clock as clocks

    found = _opened()
    clocks.run(found, partial(jobs.enqueue, found.settings), lambda: False)


@hub.command()
@click.argument("connection", required=False)
@click.option("--wait", is_flag=True, help="Show progress until everything is read.")
def sync(connection: str | None, *, wait: bool) -> None:
    """Read CONNECTION, or all of them, now."""
    from hub import jobs, progress
    from hub.store import connections
    from hub.sync import connect

    found = _opened()
    with found.database.reading() as tx:
        wanted = [each.id for each in connections.everyone(tx) if connection in (None, each.id)]
    if connection and not wanted:
        raise click.BadParameter(f"there is no connection {connection!r}; see `hub status`")
    for each in wanted:
        jobs.enqueue(found.settings, connect.sync_now(found, each))
    if wait:
        progress.shown(found)


@hub.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def status(*, as_json: bool) -> None:
    """Show the connections, their streams and what stands in the way."""
    from hub import progress

    found = progress.status(_opened())
    click.echo(json.dumps(found, indent=1, default=str) if as_json else progress.as_text(found))


@hub.command(name="map")
@click.argument("connector")
@click.argument("stream")
@click.option("--reply", is_flag=True, help="The input is a whole answer; the stream's own path leads to its records.")
def map_(connector: str, stream: str, *, reply: bool) -> None:
    """Read records of CONNECTOR's STREAM from standard input: canonical JSON lines out, unread and unknown to stderr."""
    from hub import dryrun

    for line, notes in dryrun.read(connector, stream, sys.stdin.buffer.read(), reply=reply):
        if line:
            click.echo(line)
        for note in notes:
            click.echo(note, err=True)


@hub.command()
@click.argument("connectors", nargs=-1)
@click.option("--scale", default=2000, show_default=True, help="People in the invented company.")
@click.option("--port", default=18200, show_default=True, help="Of the first stand-in; the others follow.")
def sandbox(connectors: tuple[str, ...], scale: int, port: int) -> None:
    """Serve stand-ins of CONNECTORS (all, where none is named) on this machine."""
    from hub import demo

    demo.serve(connectors or demo.available(), scale, port)


@hub.command(name="demo")
@click.option("--once", is_flag=True, help="End after printing; the status is 0 only when every count equals the truth.")
@click.option("--scale", default=2000, show_default=True, help="People in the invented company.")
@click.option("--data", default="data/demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--port", default=8000, show_default=True, help="Of the pages; the stand-ins use the ports from 200 above it.")
def demo_(*, once: bool, scale: int, data: Path, port: int) -> None:
    """Show the whole hub on stand-ins of five systems: connect, sync, unite, serve."""
    from hub import demo

    _first_key(data.absolute())
    sys.exit(demo.run(data.absolute(), scale=scale, port=port, once=once))


@hub.group()
def keys() -> None:
    """The keys that seal what is secret at rest."""


@keys.command(name="new")
def keys_new() -> None:
    """Print a new key; put it first in HUB_KEYS, keep the others behind it."""
    click.echo(f"{secrets.token_hex(3)}:{secrets.token_hex(32)}")


def _first_key(data: Path) -> None:
    """Where nobody gave a key, make one and keep it in the data folder, readable by us alone."""
    path = data / "keys"
    if os.environ.get("HUB_KEYS") or path.exists():
        return
    data.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secrets.token_hex(3)}:{secrets.token_hex(32)}")


def _first_admin_link() -> str | None:
    from hub.web import first_admin_link

    try:
        return first_admin_link(_opened())
    except Misdeclared:
        return None


if __name__ == "__main__":
    main()
