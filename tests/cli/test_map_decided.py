"""`hub map` knows no decisions: a record whose list an admin decides about is read as all that it could be."""

import pytest
from click.testing import CliRunner

from hub import registry
from hub.__main__ import hub as commands
from tests.boards import CONNECTOR, MAPPINGS


def test_a_record_is_shown_as_everything_it_could_be_decided_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "connector", lambda _id: CONNECTOR)
    monkeypatch.setattr(registry, "mappings_of", lambda _id: MAPPINGS)
    said = '[{"id": 7, "title": "Ana", "list": {"id": 901, "name": "People"}}]'
    result = CliRunner().invoke(commands, ["map", "rt", "cards"], input=said)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        ['{"full_name":"Ana","id":"7"}', '{"id":"7","name":"Ana"}', '{"id":"7","name":"Ana"}'],
    )
    assert result.stderr == "record 1: an admin decides what it is: list.id 901 (People)\n"
