"""The commands. What a command does is imported when it runs, so that each starts quickly; here is what several of them need."""

import os
import pwd
from typing import TYPE_CHECKING, Any

import click

from hub import settings as settings_of
from hub.errors import Misdeclared

if TYPE_CHECKING:
    from hub.store.database import Transaction
    from hub.sync.hub import Hub


LONGEST = 200
"""Characters of the columns that hold names and labels."""


class Line(click.ParamType[str, str]):
    """A name or a label: one line that its column holds."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without blanks around it."""
        said = value.strip()
        if len(said) > LONGEST or not said.isprintable():
            self.fail(f"must be one line of at most {LONGEST} characters", param, ctx)
        return said


class ConnectorName(click.ParamType[str, str]):
    """The id of a connector; another word is refused with those there are."""

    name = "connector"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id as it was given."""
        from hub import registry

        if value not in registry.connector_ids():
            self.fail(f"there is no connector {value!r}; there are {', '.join(registry.connector_ids())}", param, ctx)
        return value


def opened() -> "Hub":
    """The hub that the environment describes; Misdeclared where its database was never migrated."""
    from hub.store import migrate
    from hub.sync import hub

    found = hub.opened(settings_of.read())
    click.get_current_context().call_on_close(found.database.close)
    if migrate.current(found.database) is None:
        raise Misdeclared("the database is empty; `hub migrate` (or `hub up`) makes its tables")
    return found


def noted(tx: "Transaction", hub: "Hub", action: str, of: str = "", **detail: Any) -> None:
    """Write a change into the audit log, under the name that its page gives it, as done by this account of the machine."""
    from hub.store import audit

    audit.record(tx, hub.time.now(), actor=f"shell:{_account()}", action=action, of=of, detail=detail)


def _account() -> str:
    """The name of the account that runs this, or its number where it has no name (in a container)."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
