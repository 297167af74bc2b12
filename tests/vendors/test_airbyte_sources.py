"""Airbyte's sources for HubSpot, Zendesk, Salesforce and ClickUp, as they are on PyPI, judge those stand-ins.

All four can be installed and read. What they cannot judge: the source for ClickUp asks for the page whose number is the count
of the tasks it already has, so it ends after a list's first hundred tasks, and it knows neither lists outside of folders nor a
state to go on from. Those for HubSpot and Zendesk begin with the very moment of their state: what changed then comes twice.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from hub.sandbox.account import known_company
from hub.sandbox.parties import Seen
from hub.sandbox.serve import serving
from hub.sandbox.world import World
from tests.vendors.airbyte import Json, Program, Reading, install
from tests.vendors.sources import BACK, SOURCES, Source

pytestmark = [pytest.mark.vendors, pytest.mark.timeout(600)]
Read = Callable[..., Reading]
Control = Callable[[str, str, str], Any]
HUBSPOT, ZENDESK, SALESFORCE, CLICKUP = SOURCES


def of(*sources: Source) -> pytest.MarkDecorator:
    """Only these are run."""
    return pytest.mark.parametrize("source", sources, ids=[each.program for each in sources], indirect=True)


@pytest.fixture(scope="session", params=SOURCES, ids=[source.program for source in SOURCES])
def source(request: pytest.FixtureRequest) -> Source:
    found: Source = request.param
    return found


@pytest.fixture(scope="session")
def installed(source: Source, tmp_path_factory: pytest.TempPathFactory, authority: tuple[Path, Path]) -> Path:
    return install(source.pinned, tmp_path_factory.mktemp(source.program), authority[0])


@pytest.fixture
def world(source: Source) -> World:
    return World(source.people)


@pytest.fixture
def origins(source: Source, world: World) -> Iterator[dict[str, str]]:
    with serving([source.standin], world, now=time.time) as served:
        yield served


@pytest.fixture
def program(source: Source, installed: Path, proxy: str, tmp_path: Path) -> Program:
    return Program(path=installed / source.program, proxy=proxy, folder=tmp_path)


@pytest.fixture
def config(source: Source, origins: dict[str, str], allow: Callable[[str, str, dict[str, str]], str]) -> Json:
    """What the source is told after somebody signed in."""
    system = source.standin.id
    code = allow(system, source.page, {**BACK, "scope": source.scope, "state": "s", "response_type": "code"})
    form = {**BACK, "grant_type": "authorization_code", "code": code, "client_secret": "sandbox-secret"}
    line = HTTPConnection(urlsplit(origins[system]).netloc, timeout=10)
    line.request("POST", source.tokens, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    told: Json = json.loads(line.getresponse().read())
    line.close()
    return source.config(told)


@pytest.fixture
def read(program: Program, config: Json) -> Read:
    """Reads streams by name. The catalogue is asked for once: it does not depend on what there is."""
    kept = program.path.with_suffix(".json")
    if not kept.exists():
        kept.write_text(json.dumps(program.catalogue(config)))
    streams: dict[str, Json] = json.loads(kept.read_text())
    return lambda names, mode, *state: program.read(config, [streams[name] for name in names], mode, state)


def _ids(reading: Reading) -> dict[str, list[str]]:
    return {name: [str(one.get("id", one.get("Id"))) for one in found] for name, found in reading.records.items()}


def _known(source: Source, world: World) -> dict[int, Seen]:
    """The people whom the system knows, as it has them."""
    tool: Any = source.standin.id
    return {index: world.as_seen(index, tool) for index in range(world.people) if world.knows(tool, index)}


def test_a_check_passes_with_what_signing_in_brought_and_fails_with_a_guess(
    source: Source, program: Program, config: Json
) -> None:
    assert program.check(config) == "SUCCEEDED"
    assert program.check(source.config({"access_token": "guess", "refresh_token": "guess"})) == "FAILED"


def test_every_record_is_read_once_and_every_person_as_known(source: Source, read: Read, world: World) -> None:
    counts = source.counts(world)
    reading = read(counts, "full_refresh")
    assert {name: len(ids) for name, ids in _ids(reading).items()} == counts
    assert {name: len(set(ids)) for name, ids in _ids(reading).items()} == counts
    assert sorted(filter(None, map(source.person, reading.records[source.people_in]))) == sorted(
        (source.standin.contact_id(index), f"{seen.given_name} {seen.family_name}", None if seen.email_taken else seen.email)
        for index, seen in _known(source, world).items()
    )


@of(HUBSPOT, ZENDESK, SALESFORCE)
def test_what_is_read_from_a_state_is_what_changed_since(source: Source, read: Read, world: World, control: Control) -> None:
    control(source.standin.id, "faults", '{"lag_seconds": 0}')
    first = read(source.moment, "incremental")
    assert {name: len(ids) for name, ids in _ids(first).items()} == {name: source.counts(world)[name] for name in source.moment}
    again = read(source.moment, "incremental", *first.state)
    for name, found in again.records.items():
        newest = max(one[source.moment[name]] for one in first.records[name])
        assert {one[source.moment[name]] for one in found} == {newest}
    changed = source.standin.contact_id(next(iter(_known(source, world))))
    name, fields = source.change
    control(source.standin.id, "change", json.dumps({"object": name, "id": changed, "fields": fields}))
    later = read(source.moment, "incremental", *again.state)
    new = {(name, one) for name, ids in _ids(later).items() for one in ids if one not in _ids(again).get(name, ())}
    assert new == {(source.people_in, changed)}
    assert "Sócia" in json.dumps(later.records[source.people_in], ensure_ascii=False)


@of(HUBSPOT)
def test_a_search_from_an_old_state_finds_every_person_with_the_company(source: Source, read: Read, world: World) -> None:
    long_ago = {"updatedAt": "2020-01-02T00:00:00.000000Z"}
    state = {"type": "STREAM", "stream": {"stream_descriptor": {"name": "contacts"}, "stream_state": long_ago}}
    found = read(["contacts"], "incremental", state).records["contacts"]
    known = {index: known_company(world, "hubspot", seen.company) for index, seen in _known(source, world).items()}
    assert sorted((one["id"], one.get("companies", [])) for one in found) == sorted(
        (source.standin.contact_id(index), [str(company)] if company else []) for index, company in known.items()
    )


@of(HUBSPOT)
def test_the_values_of_a_deal_have_the_types_that_its_properties_tell(read: Read) -> None:
    found = read(["deals"], "full_refresh").records["deals"]
    lost = next(
        one["properties"] for one in found if one["properties"]["dealstage"] == "closedlost" and one["properties"]["amount"]
    )
    assert {name: type(lost[name]) for name in ("amount", "hs_is_closed", "pipeline")} == {
        "amount": float,
        "hs_is_closed": bool,
        "pipeline": str,
    }
    assert (lost["hs_is_closed"], lost["hs_is_closed_won"], lost["pipeline"]) == (True, False, "default")


@of(SALESFORCE)
def test_what_was_deleted_is_read_as_deleted(source: Source, read: Read, world: World, control: Control) -> None:
    gone = source.standin.contact_id(next(iter(_known(source, world))))
    assert control("salesforce", "delete", json.dumps({"object": "Contact", "id": gone})).status == 200
    found = read(["Contact"], "full_refresh").records["Contact"]
    assert len(found) == source.counts(world)["Contact"]
    assert [one["Id"] for one in found if one["IsDeleted"]] == [gone]


@of(CLICKUP)
def test_every_list_in_a_folder_has_the_tasks_of_one_kind(read: Read, world: World) -> None:
    found = read(["list", "task"], "full_refresh").records
    tasks = Counter(task["list"]["id"] for task in found["task"])
    assert tasks.keys() == {one["id"] for one in found["list"]}
    assert sorted(tasks.values()) == sorted(world.count("clickup", kind) for kind in ("contact", "deal", "order"))
