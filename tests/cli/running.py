"""Running commands as a person or a program would, against a hub of the test's own."""

from click.testing import CliRunner, Result

from hub.__main__ import hub as commands
from hub.store import audit
from hub.store.audit import Entry
from hub.sync.hub import Hub
from tests import support


def environment(hub: Hub, **more: str) -> dict[str, str]:
    """What a process of this hub finds."""
    data = {"HUB_DATA": str(hub.settings.data), "DATABASE_URL": hub.settings.database_url}
    return {**data, "HUB_KEYS": support.KEY, "REDIS_URL": support.NOWHERE, **more}


def ran(hub: Hub, *arguments: str, said: str | None = None, **more: str) -> Result:
    """A command, with what is typed or piped in; an exception that is none of click's is the test's."""
    result = CliRunner().invoke(commands, arguments, input=said, env=environment(hub, **more))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(hub: Hub, *arguments: str, said: str | None = None, **more: str) -> str:
    """What a command that succeeds writes to standard output."""
    result = ran(hub, *arguments, said=said, **more)
    assert result.exit_code == 0, result.output
    return result.stdout


def audited(hub: Hub) -> list[Entry]:
    """What the audit log has, the oldest first; its chain is whole."""
    with hub.database.reading() as tx:
        assert audit.broken(tx) is None
        return audit.entries(tx)[::-1]
