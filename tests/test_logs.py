"""What is logged can be read by anybody: ids and names of errors, nothing secret and nothing of anybody's."""

import io
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub import logs
from hub.sync import connect
from tests import standins, support
from tests.watching import Unpaced

SYSTEMS = ("bottlecrm", "hubspot", "zendesk")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged, at the level that tells most."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logs.configure("DEBUG")
    found = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(found)
    yield found
    root.handlers[:] = before
    root.setLevel(level)


def told(written: io.StringIO) -> str:
    """The line without its time."""
    return written.getvalue().partition(" ")[2].rstrip("\n")


def test_an_event_is_one_line_with_its_ids(written: io.StringIO) -> None:
    logging.getLogger("hub.here").warning("page absorbed", extra={"connection": "hubspot-1", "records": 200})
    assert told(written) == 'level=warning logger=hub.here event="page absorbed" connection=hubspot-1 records=200'


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("no answer from Ana.Souza+x@mail.example.com today", "no answer from [left out] today"),
        ("user=ana%40example.com&x=1", "user=[left out]&x=1"),
        ("Authorization: Bearer pat-na1-1234", "Authorization: Bearer [left out]"),
        ("Authorization: token 1-14-abc", "Authorization: token [left out]"),
        ("https://x.example/cb?code=SPLIT-1&state=abc&page=2", "https://x.example/cb?code=[left out]&state=[left out]&page=2"),
        ("https://x.example/rest?api_key=SPLIT-2&page=2", "https://x.example/rest?api_key=[left out]&page=2"),
        (
            "grant_type=refresh_token&refresh_token=r-1&client_secret=s",
            "grant_type=refresh_token&refresh_token=[left out]&client_secret=[left out]",
        ),
        ("called +55 (11) 98765-4321 twice", "called [left out] twice"),
        (
            "contacts of hubspot-1 at 2026-03-01T12:00:00Z, work 1234567890",
            "contacts of hubspot-1 at 2026-03-01T12:00:00Z, work 1234567890",
        ),
    ],
)
def test_addresses_numbers_and_credentials_are_left_out_wherever_they_stand(written: io.StringIO, said: str, shown: str) -> None:
    logging.getLogger("hub.here").warning("%s", said)
    assert f'event="{shown}"' in written.getvalue()


@pytest.mark.parametrize("name", ["token", "Authorization", "email", "secret"])
def test_what_is_secret_by_its_name_is_left_out_whatever_it_holds(written: io.StringIO, name: str) -> None:
    logging.getLogger("hub.here").warning("event", extra={name: "plain words"})
    assert "plain" not in written.getvalue()


def test_a_fault_is_told_by_its_names_and_places_without_its_words(written: io.StringIO) -> None:
    try:
        try:
            int("Ana Souza")
        except ValueError as error:
            raise KeyError("Ana Souza") from error
    except KeyError:
        logging.getLogger("hub.here").exception("job failed", extra={"work": 7})
    (line,) = written.getvalue().splitlines()
    assert 'event="job failed" work=7 error="KeyError from ValueError" at="test_logs.py:' in line
    assert "Souza" not in line


def test_a_whole_sync_with_faults_logs_nothing_secret_and_nothing_of_anybody(tmp_path: Path, written: io.StringIO) -> None:
    with standins.sandboxed(tmp_path, *SYSTEMS, people=80) as (made, origins, world):
        hub = replace(made, shared=Unpaced())
        for origin in origins.values():
            standins.act(origin, "faults", limits=False, lag_seconds=0)
        names = [standins.connected(hub, system).id for system in SYSTEMS]
        support.drained(hub)
        for system, origin in origins.items():
            standins.act(origin, "faults", html_every=2, truncate_every=3)
            connect.sync_now(hub, f"{system}-1")
        support.drained(hub)
        said = written.getvalue()
        assert said.count('event="page absorbed"') > len(SYSTEMS)
        people = [world.as_seen(index, "hubspot") for index in range(world.people)]
        tokens = [
            str(value) for name in names for key, value in hub.vault.token(name).data.items() if key.endswith(("token", "key"))
        ]
    assert tokens
    private = {word for person in people for word in (person.email, person.family_name) if word}
    assert [word for word in (*private, *tokens) if word in said] == []
