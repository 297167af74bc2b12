"""The quality card: true for the five, computed from what is declared and recorded, and loud about what is wrong."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hub import registry
from hub.__main__ import hub as commands
from hub.cli import quality
from hub.cli.quality import consistent, declared, recorded
from hub.cli.quality.shown import as_text
from hub.model import Contact
from hub.spec import Ask, Auth, Connector, Judge, Mapping, OAuth2, Request, Rule, field
from tests.invented import BASIC, CLIENT, PLACED, QUERY, invented, take_its_place

RT, HUBSPOT = registry.connector("rt"), registry.connector("hubspot")
ROOT = quality.ROOT


def row(card: dict[str, Any], stream: str) -> dict[str, Any]:
    (found,) = (each for each in card["streams"] if each["name"] == stream)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("connector", registry.connector_ids())
def test_nothing_is_wrong_with_any_connector(connector: str) -> None:
    result = CliRunner().invoke(commands, ["check", connector, "--json"])
    card = json.loads(result.stdout)
    assert (card["wrong"], result.exit_code) == ([], 0)
    assert card["recordings"]["records_read"] > 0
    assert not any(stream["recordings"] == [] and stream["unmapped"] for stream in card["streams"])


@pytest.mark.parametrize("connector", registry.connector_ids())
def test_the_page_for_people_says_every_limit_stream_and_claim(connector: str) -> None:
    page = " ".join(CliRunner().invoke(commands, ["check", connector]).stdout.split())
    card = quality.card(connector)
    assert all(limit in page for limit in card["limits"])
    assert all(f"{stream['name']}: reads {stream['reads']}" in page for stream in card["streams"])
    assert all(f" {claim} {judge['name'] if judge else 'nobody: unverified'}" in page for claim, judge in card["claims"].items())
    assert page.endswith("nothing is wrong")


def test_what_request_tracker_brings_and_how_that_is_known() -> None:
    card = quality.card("rt")
    tickets = row(card, "tickets")
    assert (tickets["reads"], tickets["paging"], tickets["goes_back_minutes"]) == ("what changed", "keyset", 725)
    assert tickets["deletions"] == ["shown by the record itself", "missing in a complete read, every day"]
    assert tickets["recordings"] == [f"tickets{name}.json" for name in ("", "_by_id", "_last", "_merged", "_page_2")]
    assert tickets["unmapped"] == ["CustomFields", "Due", "Started"]
    assert [each["type"] for each in tickets["brings"]] == ["ticket", "survey_response"]
    assert tickets["brings"][0]["fields"]["solved_at"] == ["Status", "Resolved"]
    assert tickets["brings"][0]["empty"] == ["channel", "first_reply_at", "company_ids", "tags", "product", "reopened_count"]
    assert tickets["brings"][0]["ignored"] == ["type", "_url", "EffectiveId", "Queue.*", "Owner.*"]
    assert row(card, "contacts")["reads"] == "everything"
    assert card["pushes"] is None
    assert card["sign_in"] == [{"kind": "key", "header": "Authorization"}]
    assert card["recordings"]["origin"] == "system"
    assert card["claims"]["reading"]["name"] == "Request Tracker 5.0.3"
    assert card["claims"]["pace"] is None
    assert "pushes" not in card["claims"]


def test_what_hubspot_brings_and_how_that_is_known() -> None:
    card = quality.card("hubspot")
    assert row(card, "contacts")["deletions"] == [
        "listed apart in archived_contacts",
        "missing when read again after a push",
        "missing in a complete read, every 7 days",
    ]
    assert row(card, "owners")["paging"] == "its own: then_archived"
    assert card["merges"]["contact"] == "the record that stays names the others"
    assert card["pushes"] == {"signed": True, "door_per": "app", "registered_by": "admin"}
    assert [way["kind"] for way in card["sign_in"]] == ["oauth2", "key"]
    assert card["recordings"]["origin"] == "documentation"
    assert card["claims"]["pushes"]["kind"] == "client"
    assert card["claims"]["fields"] is None


def test_without_pushes_nothing_is_read_again_after_one() -> None:
    pretix = registry.connector("pretix")
    for connector, expected in (pretix, True), (replace(pretix, webhook=None), False):
        orders = row(declared.card(connector, registry.mappings_of("pretix")), "orders")
        assert ("missing when read again after a push" in orders["deletions"]) == expected


def test_outside_a_checkout_the_card_has_no_recordings(tmp_path: Path) -> None:
    card = quality.card("rt", tmp_path)
    assert (card["recordings"], card["wrong"]) == (None, [])


def stream(name: str, /, **changed: Any) -> Connector:
    """Request Tracker with another stream of that name."""
    streams = tuple(replace(each, **changed) if each.name == name else each for each in RT.streams)
    return replace(RT, streams=streams)


def ask(**changed: Any) -> Connector:
    return replace(RT, asks=(replace(RT.asks[0], **changed),))


def pushes(**changed: Any) -> Connector:
    webhook = registry.connector("zendesk").webhook
    assert webhook is not None
    return replace(RT, webhook=replace(webhook, **changed))


def oauth(**changed: Any) -> Connector:
    auth = HUBSPOT.auth[0]
    assert isinstance(auth, OAuth2)
    return replace(HUBSPOT, auth=(replace(auth, **changed),))


def from_elsewhere(_since: object) -> Request:
    return Request(path="https://elsewhere.example/tickets")


TWO = tuple(Judge(kind="system", name=name, claims=("reading",), tests=("tests/connectors/rt",)) for name in "ab")


@pytest.mark.parametrize(
    ("connector", "said"),
    [
        (replace(RT, docs="http://docs.example"), "docs: must be an https address"),
        (replace(RT, limits=()), "limits: say at least one thing"),
        (replace(RT, summary="Tickets"), "'Tickets' is no sentence"),
        (replace(RT, base_url="{address}/{path}"), "base_url: nobody is asked for {path}"),
        (invented(CLIENT, **(PLACED | {"token_domains": ()})), "base_url: the token tells it; say in token_domains"),
        (invented(CLIENT, **(PLACED | {"hosts": ()})), "auth: leads to a host that is neither"),
        (invented(replace(CLIENT, token_url="https://{tenant}/token"), **PLACED), "auth: nobody is asked for {tenant}"),
        (replace(RT, asks=(*RT.asks, Ask(name="year", label="Year", pattern=r"\d{4}", example="now"))), "the example of year"),
        (ask(name="server"), "base_url: nobody is asked for {address}"),
        (stream("tickets", start=from_elsewhere), "stream tickets: leads to a host that is neither"),
        (oauth(token_url="https://elsewhere.example/token"), "auth: leads to a host that is neither"),
        (stream("tickets", incremental=False), "asks for what changed, yet says that it is not incremental"),
        (stream("contacts", incremental=True), "asks for everything each time; then it is not incremental"),
        (stream("contacts", name="tickets"), "stream tickets: there are 2 of that name"),
        (stream("contacts", tombstones_of="people"), "deleted from 'people', which is no stream"),
        (stream("contacts", name="people"), "stream people: no mapping reads it"),
        (pushes(secret=None), "is not told the secret that signs it"),
        (pushes(subscribe=None, preparation=""), "is not told how (preparation)"),
        (pushes(per="organisation"), "not to 'organisation'"),
        (replace(RT, judges=TWO), "reading has 2 judges"),
        (replace(RT, judges=(replace(TWO[0], tests=("tests/nowhere.py",)),)), "judges: there is no tests/nowhere.py"),
    ],
)
def test_a_contradiction_is_told(connector: Connector, said: str) -> None:
    found = consistent.contradictions(connector, registry.mappings_of(connector.id), ROOT)
    assert any(said in each for each in found), found


README = "Recordings\n\nAnswers, recorded on 2026-11-22.\n\n| file | status | request |\n|---|---|---|\n"
LINE = "| tickets.json | 200 | `GET /tickets?query=id > 30` |\n"


def files(folder: Path, readme: str = README + LINE, **bodies: str) -> list[recorded.Recording]:
    (folder / "README.md").write_text(readme)
    for name, body in bodies.items():
        (folder / f"{name}.json").write_text(body)
    return recorded.recordings(folder, RT, registry.mappings_of("rt"), {})


def test_an_answer_is_read_by_the_stream_whose_call_the_readme_names(tmp_path: Path) -> None:
    (found,) = files(
        tmp_path, tickets='{"items": [{"id": 1, "Status": "strange", "Colour": "red"}, {"id": 2, "Status": "deleted"}]}'
    )
    assert (found.streams, found.read, found.unread) == (("tickets",), 1, {"Colour"})
    assert (found.unknown, found.problems) == ({"Status: strange"}, [])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"items": [{"Status": "open"}]}', "record 1 as ticket: skipped: tickets: a record without 'id'"),
        ('{"items": [{"id": 1, "Created": "soon"}]}', "record 1 as ticket: Created cannot be read: not a moment in time"),
        ("{", "not JSON"),
    ],
)
def test_a_recording_that_cannot_be_read_is_told(tmp_path: Path, body: str, problem: str) -> None:
    (found,) = files(tmp_path, tickets=body)
    assert any(problem in each for each in found.problems), found.problems


def broken(_record: object, _terms: object) -> object:
    raise TypeError("'NoneType' object is not iterable")


def test_a_mapping_that_breaks_is_told(tmp_path: Path) -> None:
    files(tmp_path, tickets='{"items": [{"id": 1}]}')
    mapping = Mapping(type=Contact, stream="tickets", rules={"full_name": Rule(reads=("x",), apply=broken), "url": field("y")})
    (found,) = recorded.recordings(tmp_path, RT, [mapping], {})
    assert found.problems == ["record 1 as contact: the mapping breaks: TypeError: 'NoneType' object is not iterable"]


def test_a_file_that_the_readme_does_not_name_is_told(tmp_path: Path) -> None:
    assert files(tmp_path, other="{}")[0].problems == ["README.md does not say what it answers"]


def test_a_refusal_is_no_record(tmp_path: Path) -> None:
    (found,) = files(tmp_path, README + LINE.replace("200", "401"), tickets='{"items": [{"message": "Unauthorized"}]}')
    assert (found.streams, found.problems) == ((), [])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "README.md").write_text("Answers."), "does not say where they are from"),
        (lambda folder: (folder / "tickets.json").write_text('{"items": [{"Status": "open"}]}'), "tickets.json: record 1"),
        (lambda folder: [path.unlink() for path in folder.glob("*.json")], "there are no recordings"),
    ],
)
def test_what_is_wrong_with_the_recordings_is_wrong_with_the_connector(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    for path in ("tests/connectors/rt", "tests/e2e/real"):
        shutil.copytree(ROOT / path, tmp_path / path)
    assert quality.card("rt", tmp_path)["wrong"] == []
    spoil(tmp_path / "tests" / "connectors" / "rt")
    assert any(said in each for each in quality.card("rt", tmp_path)["wrong"])


def test_what_is_wrong_makes_the_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "connector", lambda _id: replace(RT, limits=()))
    result = CliRunner().invoke(commands, ["check", "rt"])
    assert result.exit_code == 1
    assert "WRONG\n  - limits: say at least one thing" in result.stdout


def test_an_unknown_connector_is_answered_with_those_there_are() -> None:
    result = CliRunner().invoke(commands, ["check", "nosuch"])
    assert (result.exit_code, f"there are {', '.join(registry.connector_ids())}" in result.stderr) == (2, True)


def test_the_word_of_paging_is_the_one_that_the_connector_uses() -> None:
    assert {each["paging"] for each in quality.card("pretix")["streams"]} == {"next_link"}


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        (CLIENT, "OAuth2 client credentials, scopes read list"),
        (BASIC, "key with a user name, in the header Authorization"),
        (QUERY, "key, in the query parameter api_key"),
    ],
)
def test_each_way_of_signing_in_is_said(monkeypatch: pytest.MonkeyPatch, auth: Auth, said: str) -> None:
    connector = invented(auth, **PLACED)
    assert not [each for each in consistent.contradictions(connector, registry.mappings_of("rt"), ROOT) if "host" in each]
    take_its_place(monkeypatch, connector)
    assert f"  sign-in         {said}\n" in as_text(quality.card("rt"))
