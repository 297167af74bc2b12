"""The commands as a whole: each starts quickly, says what it does, and tells an error in one line."""

import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from hub.__main__ import hub as commands

HEAVY = ("sqlalchemy", "flask", "requests", "redis", "rich", "alembic", "msgspec", "hub.store", "hub.sync", "hub.registry")


def everything(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from everything(command, *before, name)


ALL = list(everything(commands))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_says_what_it_does_and_what_its_options_are(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(commands, [*path, "--help"])
    assert result.exit_code == 0
    command: click.Command = commands
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    assert command.help
    assert command.get_short_help_str(200).rstrip(".")
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help or option.name in ("data", "role"), option.name


def test_the_list_of_commands_loads_nothing_heavy() -> None:
    script = f"import sys, hub.__main__; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - ours
    assert found.stdout.strip() == ""


def test_an_error_of_ours_is_one_plain_line() -> None:
    result = CliRunner().invoke(commands, ["status"], env={"HUB_KEYS": "nonsense"})
    assert result.exit_code == 1
    assert result.stderr.startswith("hub: HUB_KEYS must list id:key")
    assert result.stderr.count("\n") == 1


def test_a_stream_that_is_none_is_answered_with_those_there_are() -> None:
    result = CliRunner().invoke(commands, ["map", "rt", "people"], input="[]")
    assert (result.exit_code, "it has owners, contacts, tickets" in result.stderr) == (2, True)


def test_a_record_is_mapped_from_standard_input() -> None:
    result = CliRunner().invoke(commands, ["map", "rt", "contacts"], input='[{"id": 7, "RealName": "Ana", "Shoe": 38}]')
    assert (result.exit_code, result.stdout) == (0, '{"full_name":"Ana","id":"7"}\n')
    assert result.stderr == "unread: Shoe\n"
