"""Who may sign in, from the command line: also the way back in for an admin who is locked out."""

import json
from typing import TYPE_CHECKING, Any

import click

from hub.cli import noted, opened
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.store.access import User
    from hub.store.database import Transaction
    from hub.sync.hub import Hub

ROLES = {"viewer": "viewer", "operator": "operator", "admin": "admin", "privacy-officer": "privacy"}
"""What the command line calls the roles, and what is stored."""


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list for a program.")
@click.pass_context
def user(context: click.Context, *, as_json: bool) -> None:
    """List the people who may sign in; invite, disable and let in again with the commands below."""
    if context.invoked_subcommand is not None:
        return
    from hub.store import access

    with opened().database.reading() as tx:
        found = access.users(tx)
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], indent=1, default=str))
        return
    for each in found:
        seen = f"{each.last_seen_at:%Y-%m-%d %H:%M} UTC" if each.last_seen_at else "never seen"
        click.echo(f"{each.email:<40} {_role(each):<16} {_state(each):<10} {seen}")
    if not found:
        click.echo(
            "Nobody yet: `hub up` prints a link for the first admin, and `hub user add EMAIL --role admin` one for another."
        )


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(list(ROLES)), required=True)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def add(email: str, role: str, *, as_json: bool) -> None:
    """Let EMAIL in: print a link, good for one use within 24 hours, with which they choose a password."""
    from email_validator import EmailNotValidError, validate_email

    from hub.store import access

    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(f"{email!r} is no e-mail address") from error
    hub = opened()
    with hub.database.writing() as tx:
        person = access.add_user(tx, hub.time.now(), email=address, name=None, role=ROLES[role])
        link = _link(hub, tx, person)
        noted(tx, hub, "people.invite", user=person.id, role=person.role)
    _shown(person, link, as_json=as_json)


@user.command(name="link")
@click.argument("email")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def new_link(email: str, *, as_json: bool) -> None:
    """Print a new one-time link for EMAIL, who lost theirs or forgot the password; also for an admin who is locked out."""
    hub = opened()
    with hub.database.writing() as tx:
        person = _person(tx, email)
        if person.deactivated_at is not None:
            raise BadInput(f"{person.email} is disabled; `hub user enable {person.email}` first")
        link = _link(hub, tx, person)
        noted(tx, hub, "people.new_link", str(person.id))
    _shown(person, link, as_json=as_json)


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """Let EMAIL in no more, and sign them out everywhere."""
    hub = opened()
    _set(hub, email, "people.deactivate", deactivated_at=hub.time.now())
    click.echo("disabled and signed out everywhere")


@user.command()
@click.argument("email")
def enable(email: str) -> None:
    """Let EMAIL in again."""
    _set(opened(), email, "people.activate", deactivated_at=None)
    click.echo("enabled; without their password they need a new link: `hub user link`")


def _set(hub: "Hub", email: str, action: str, **values: Any) -> None:
    from hub.store import access, sessions

    with hub.database.writing() as tx:
        person = _person(tx, email)
        access.change_user(tx, person.id, **values)
        sessions.end_all(tx, person.id)
        noted(tx, hub, action, str(person.id))


def _person(tx: "Transaction", email: str) -> "User":
    from hub.store import access

    found = access.by_email(tx, email)
    if found is None:
        raise BadInput(f"there is nobody with the address {email!r}; `hub user` lists everybody")
    return found


def _link(hub: "Hub", tx: "Transaction", person: "User") -> str:
    from hub.web import signin

    return signin.link(hub, tx, signin.INVITATION, {"user_id": person.id})


def _shown(person: "User", link: str, *, as_json: bool) -> None:
    """The link alone on standard output, so that a program can take it; what it is good for beside it."""
    if as_json:
        click.echo(json.dumps({**_as_json(person), "link": link}, indent=1, default=str))
        return
    click.echo(f"Send this link to {person.email}. It works once, within 24 hours, and is not shown again.", err=True)
    click.echo(link)


def _role(person: "User") -> str:
    return next(said for said, stored in ROLES.items() if stored == person.role)


def _state(person: "User") -> str:
    return "disabled" if person.deactivated_at else "active" if person.password else "invited"


def _as_json(person: "User") -> dict[str, Any]:
    said = {name: getattr(person, name) for name in ("id", "email", "name", "created_at", "last_seen_at")}
    return {**said, "role": _role(person), "state": _state(person)}


COMMANDS = (user,)
