"""The API keys of programs, from the command line."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from hub.cli import Line, noted, opened
from hub.errors import BadInput

if TYPE_CHECKING:
    from datetime import datetime

    from hub.store.access import ApiKey

SCOPES = ("read", "read:pii", "push", "backfill", "admin")
LASTING = ("30", "90", "365", "none")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list for a program.")
@click.pass_context
def key(context: click.Context, *, as_json: bool) -> None:
    """List the API keys of programs, the newest first; make and revoke them with the commands below."""
    if context.invoked_subcommand is not None:
        return
    from hub.store import access

    hub = opened()
    with hub.database.reading() as tx:
        found, now = access.api_keys(tx), hub.time.now()
    if as_json:
        click.echo(json.dumps([_as_json(each, now) for each in found], indent=1, default=str))
        return
    for each in found:
        ends = f"ends {each.expires_at:%Y-%m-%d}" if each.expires_at else "no end"
        click.echo(f"{each.id}  {_state(each, now):<8} {ends:<16} {' '.join(sorted(each.scopes)):<32} {each.label}")
    if not found:
        click.echo("No keys yet: `hub key new --label LABEL --scope read` makes one.")


@key.command()
@click.option("--label", type=Line(), required=True, help="What it is for.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="May be given several times.")
@click.option("--days", type=click.Choice(LASTING), default="365", show_default=True, help="How long it holds.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def new(label: str, scopes: tuple[str, ...], days: str, *, as_json: bool) -> None:
    """Make a key and print it: once, here and nowhere else."""
    from hub.store import access

    if not label:
        raise click.BadParameter("say what it is for", param_hint="--label")
    hub = opened()
    now = hub.time.now()
    ends = None if days == "none" else now + timedelta(days=int(days))
    with hub.database.writing() as tx:
        made, text = access.new_key(tx, now, label=label, scopes=scopes, expires_at=ends)
        noted(tx, hub, "programs.make", key=made.id, scopes=sorted(made.scopes))
    if as_json:
        click.echo(json.dumps({**_as_json(made, now), "key": text}, indent=1, default=str))
        return
    click.echo("Copy the key now: it is stored nowhere and not shown again.", err=True)
    click.echo(text)


@key.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """End the key ID for good."""
    from hub.store import access

    hub = opened()
    with hub.database.writing() as tx:
        if not access.revoke_key(tx, key_id, hub.time.now()):
            raise BadInput(f"there is no key {key_id!r} that still holds; `hub key` lists all")
        noted(tx, hub, "programs.revoke", key_id)
    click.echo("revoked: programs that use it are refused from now on")


def _state(found: "ApiKey", now: "datetime") -> str:
    return "revoked" if found.revoked_at else "active" if found.holds(now) else "ended"


def _as_json(found: "ApiKey", now: "datetime") -> dict[str, Any]:
    said = {name: getattr(found, name) for name in ("id", "label", "created_at", "expires_at", "used_at", "revoked_at")}
    return {**said, "scopes": sorted(found.scopes), "state": _state(found, now)}


COMMANDS = (key,)
