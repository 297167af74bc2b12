"""Reading the systems from the command line: now, how it stands, and as a dry run without a hub."""

import json
import sys

import click

from hub.cli import ConnectorName, opened


@click.command()
@click.argument("connection", required=False)
@click.option("--wait", is_flag=True, help="Show progress until everything is read.")
def sync(connection: str | None, *, wait: bool) -> None:
    """Read CONNECTION, or all of them, now."""
    from hub import jobs, progress, registry
    from hub.store import connections
    from hub.sync import connect

    found = opened()
    with found.database.reading() as tx:
        readable = [each for each in connections.everyone(tx) if each.connector in registry.connector_ids()]
    wanted = [each.id for each in readable if each.id == connection or (not connection and each.state == connections.CONNECTED)]
    if connection and not wanted:
        raise click.BadParameter(f"there is no connection {connection!r} that is read; see `hub status`")
    for each in wanted:
        jobs.enqueue(found.settings, connect.sync_now(found, each))
    if wait:
        progress.shown(found, wanted)
    else:
        click.echo(f"reading {', '.join(wanted) or 'nothing'}; `hub status` shows how it stands", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def status(*, as_json: bool) -> None:
    """Show the connections, their streams and what stands in the way."""
    from hub import progress

    found = progress.status(opened())
    click.echo(json.dumps(found, indent=1, default=str) if as_json else progress.as_text(found))


@click.command(name="map")
@click.argument("connector", type=ConnectorName())
@click.argument("stream")
@click.option("--reply", is_flag=True, help="The input is a whole answer; the stream's own path leads to its records.")
def map_(connector: str, stream: str, *, reply: bool) -> None:
    """Read records of CONNECTOR's STREAM from standard input: canonical JSON lines out, unread and unknown to stderr."""
    from hub import dryrun, registry

    found = registry.connector(connector)
    names = [each.name for each in (*found.references, *found.streams)]
    if stream not in names:
        raise click.BadParameter(f"{connector} has no stream {stream!r}; it has {', '.join(names)}")
    for line, notes in dryrun.read(connector, stream, sys.stdin.buffer.read(), reply=reply):
        if line:
            click.echo(line)
        for note in notes:
            click.echo(note, err=True)


COMMANDS = (sync, status, map_)
