"""What the Procfile starts, and what starts the Procfile."""

import os
import signal
import sys
from threading import Event

import click

from hub import settings as settings_of
from hub.cli import keyfile, opened


@click.command()
def migrate() -> None:
    """Bring the database to the form this release needs."""
    from hub.store import database
    from hub.store import migrate as migrations

    click.echo(f"database at revision {migrations.migrate(database.opened(settings_of.read()))}")


@click.command()
@click.pass_context
def up(context: click.Context) -> None:
    """Run every process of the Procfile, and the embedded Valkey where REDIS_URL is not set."""
    from hub import processes
    from hub.web import first_admin_link

    settings = settings_of.read()
    keyfile.ensure(settings.data)
    context.invoke(migrate)
    link = first_admin_link(opened())
    click.echo(f"The pages: {settings.public_url}")
    if link:
        click.echo(f"Make the first admin here, once: {link}")
    manager = processes.up(settings, os.environ, sys.stdout)
    manager.loop()
    sys.exit(manager.returncode)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def keep(command: tuple[str, ...]) -> None:
    """Run COMMAND, and start it again whenever it ends by itself."""
    from hub import processes

    sys.exit(processes.keep(command))


@click.command()
def valkey() -> None:
    """Run the embedded Valkey."""
    from hub import processes

    processes.valkey(settings_of.read())


@click.command()
def web() -> None:
    """Serve the pages and the API."""
    settings = settings_of.read()
    options = ["--bind", f"{settings.host}:{settings.port}", "--access-logfile", "/dev/null", "--log-level", "warning"]
    options += ["--worker-class", "gthread", "--threads", "8"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *options, "hub.web.wsgi:application"])  # noqa: S606 - our own program


@click.command()
def worker() -> None:
    """Take jobs until told to stop."""
    from hub import jobs, logs

    settings = settings_of.read()
    logs.configure(settings.log_level)
    jobs.work(settings)


@click.command()
def clock() -> None:
    """Make due what is due, and find what a dead worker left; only one clock ticks, however many run."""
    from functools import partial

    from hub import jobs, logs
    from hub.sync import clock as clocks

    found, ending = opened(), Event()
    logs.configure(found.settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    clocks.run(found, partial(jobs.enqueue, found.settings), ending.is_set)


COMMANDS = (up, migrate, keep, valkey, web, worker, clock)
