"""What holds for every connector against its stand-in; a new one is tested by being there."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Response, request
from sqlalchemy import func, select, update

from hub import registry
from hub.remote.endpoint import Endpoint
from hub.sandbox.collection import Collection
from hub.sandbox.standins import available, standin
from hub.sandbox.world import World
from hub.spec import ApiKey, Webhook
from hub.store import connections, runs
from hub.store import tables as t
from hub.sync import inbox, worker
from tests import rigs, standins
from tests.rigs import Rig
from tests.states import bare_records, broken_pages, state

SYSTEMS = available()
"""Those with a stand-in; `hub check` says of a connector that it has none."""
README = Path(__file__).parent.parent / "README.md"
ELSEWHERE = "https://elsewhere.example"


def signs_in(system: str) -> bool:
    """Whether it lets us in for a while, by a token that it gives."""
    return not isinstance(standins.way(system), ApiKey)


def pushes(system: str) -> Webhook | None:
    return registry.connector(system).webhook


OAUTH = [system for system in SYSTEMS if signs_in(system)]
PUSHING = [system for system in SYSTEMS if pushes(system)]
SIGNING = [system for system in PUSHING if (found := pushes(system)) and found.signed]


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=SYSTEMS)
def synced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A hub that has read everything once; tests leave it so."""
    with rigs.rig(tmp_path_factory.mktemp("contract"), request.param) as rig:
        rig.drained()
        yield rig


@pytest.fixture
def rig(synced: Rig) -> Rig:
    synced.watch.reset()
    synced.clock.waits.clear()
    return synced


def latest(rig: Rig) -> dict[str, object]:
    with rig.hub.database.reading() as tx:
        return runs.latest(tx, rig.connection.id)


def counted(rig: Rig) -> dict[str, int]:
    """How many rows there are of everything that a sync may add."""
    tables = (t.record, t.source, t.raw, t.change, t.customer, t.dirty, t.question, t.identity_log)
    with rig.hub.database.reading() as tx:
        return {table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def written(rig: Rig, before: int) -> int:
    return int(rig.one("SELECT coalesce(sum(written), 0) FROM run WHERE id > :before", before=before))


def newest_run(rig: Rig) -> int:
    return int(rig.one("SELECT max(id) FROM run"))


def test_it_connects_and_learns_whose_account_it_is(rig: Rig) -> None:
    with rig.hub.database.reading() as tx:
        found = connections.get(tx, rig.connection.id)
    assert found.state == "connected"
    assert found.problem is None
    assert found.account
    assert found.account_name


def test_it_brings_exactly_what_is_there(rig: Rig) -> None:
    assert rig.counts() == standin(rig.system).truth(rig.world)


def test_a_second_sync_writes_nothing(rig: Rig) -> None:
    before, held, newest = counted(rig), state(rig.hub), newest_run(rig)
    rig.synced(minutes=1)
    assert newest_run(rig) > newest
    assert written(rig, newest) == 0
    assert counted(rig) == before
    assert state(rig.hub) == held


def test_two_full_reads_are_equal(rig: Rig) -> None:
    newest = newest_run(rig)
    first: dict[str, int] = dict(
        rig.rows(
            "SELECT stream, read FROM run WHERE connection_id = :c AND id IN "
            "(SELECT min(id) FROM run WHERE run.full GROUP BY stream)",
            c=rig.connection.id,
        )
    )
    held = state(rig.hub)
    rig.set("UPDATE stream SET watermark = NULL, swept_at = NULL, checkpoint = NULL")
    rig.synced()
    again: dict[str, int] = dict(rig.rows('SELECT stream, "read" FROM run WHERE id > :newest', newest=newest))
    assert again == first
    assert state(rig.hub) == held


def test_a_read_that_breaks_at_every_page_ends_like_an_unbroken_one(system: str, tmp_path: Path) -> None:
    for people in (60, 200, 400, 900):
        with rigs.rig(tmp_path / f"{people}", system, people=people) as whole:
            whole.drained()
            assert whole.counts() == standin(system).truth(whole.world)
            if whole.one("SELECT max(pages) FROM run") == 1:
                continue
            broken = whole.beside(tmp_path / "broken")
            with broken_pages(broken.hub) as lost:
                broken.revived()
            assert len(lost) == broken.one("SELECT sum(pages) FROM run")
            assert len(lost) > len(set(lost))
            assert state(broken.hub) == state(whole.hub)
            broken.hub.database.close()
            return
    pytest.fail("no list of this system has more than one page")


def test_a_watermark_from_the_future_reads_nothing(system: str, tmp_path: Path) -> None:
    with rigs.rig(tmp_path, system) as rig:
        rig.drained()
        connector, newest = registry.connector(system), newest_run(rig)
        incremental = {stream.name for stream in (*connector.references, *connector.streams) if stream.incremental}
        ahead = {"watermark": datetime(2999, 1, 1, tzinfo=UTC), "swept_at": rig.clock.now(), "checkpoint": None}
        with rig.hub.database.writing() as tx:
            tx.execute(update(t.stream).where(t.stream.c.name.in_(incremental)).values(ahead))
        rig.synced()
        read: dict[str, int] = dict(rig.rows('SELECT stream, "read" FROM run WHERE id > :newest', newest=newest))
        assert {read[name] for name in incremental} <= {0}
        assert rig.one("SELECT state FROM connection") == "connected"
        assert rig.counts() == standin(system).truth(rig.world)


@pytest.mark.parametrize("synced", OAUTH, indirect=True)
def test_an_expired_token_is_renewed_once(rig: Rig) -> None:
    remote, held = rig.hub.remote(rig.connection), rig.hub.vault.token(rig.connection.id)
    assert not isinstance(remote.auth, ApiKey)
    token_url = remote.endpoint.filled(remote.auth.token_url)
    expired = rig.act("expire")["expired"]
    assert expired or held.expires_at is None
    newest = newest_run(rig)
    rig.synced()
    assert rig.watch.asked(urlsplit(token_url).path) == min(expired, 1)
    states = {row[0] for row in rig.rows("SELECT state FROM run WHERE id > :newest", newest=newest)}
    assert states == {"complete"}


def test_a_limit_is_waited_out_in_the_ledger_and_not_by_a_worker(system: str, tmp_path: Path) -> None:
    with rigs.rig(tmp_path, system) as rig:
        refused: list[str] = []

        def limited() -> Response | None:
            if refused or "webhooks" in request.path:
                return None
            refused.append(request.path)
            return Response("{}", 429, {"Retry-After": "120", "Content-Type": "application/json"})

        rig.watch.instead = limited
        begun = rig.clock.now()
        rig.drained()
        assert len(refused) == 1
        ((state, not_before, owner),) = rig.rows("SELECT state, not_before, lease_owner FROM work")
        due = datetime.fromisoformat(not_before).replace(tzinfo=UTC)
        assert (state, owner) == ("pending", None)
        assert begun + timedelta(seconds=119) < due < rig.clock.now() + timedelta(seconds=121)
        assert rig.clock.waits == []
        rig.clock.skip(seconds=121)
        rig.drained()
        assert rig.counts() == standin(system).truth(rig.world)


def test_a_refused_token_asks_for_a_person_and_then_asks_the_system_nothing_more(system: str, tmp_path: Path) -> None:
    with rigs.rig(tmp_path, system) as rig:
        held = rig.hub.vault.token(rig.connection.id).data
        if rig.controls.server is None:
            rig.act("revoke")
        else:
            if "client_secret" in held:
                rig.controls.server.clients.clear()
            for token in held.get("refresh_token", ""), held["access_token"]:
                rig.controls.server.revoke(token)
        rig.drained()
        with rig.hub.database.reading() as tx:
            found = connections.get(tx, rig.connection.id)
        assert found.state == "reconnect"
        assert found.problem
        assert not any(secret in found.problem for secret in held.values() if isinstance(secret, str))
        asked = len(rig.watch.calls)
        rig.clock.skip(hours=3)
        rig.drained()
        assert len(rig.watch.calls) == asked
        assert rig.rows("SELECT id FROM work WHERE connection_id <> ''") == []


def test_three_records_changed_at_the_source_are_exactly_three_written(rig: Rig) -> None:
    versions = "SELECT count(*) FROM raw WHERE stream IN (SELECT stream FROM record WHERE type = 'contact')"
    newest, before = newest_run(rig), rig.one(versions)
    changed = {rig.renamed(index, "Novinski") for index in rig.people(3)}
    rig.synced(hours=1)
    assert written(rig, newest) == 3
    assert rig.one(versions) == before + 3
    names = rig.rows("SELECT source_id FROM record WHERE type = 'contact' AND body LIKE '%Novinski%'")
    assert {row[0] for row in names} == changed


def document_of(rig: Rig, contact: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document of the customer whose contact this is, and what it says of that record."""
    for document in rig.documents().values():
        for record in document["records"]:
            if (record["type"], record["id"]) == ("contact", contact):
                return document, record
    raise AssertionError(contact)


def test_a_deleted_contact_is_gone_and_its_customer_says_so(rig: Rig) -> None:
    found = standin(rig.system).contact_id(rig.people(4)[3])
    before = rig.counts()["contact"]
    assert document_of(rig, found)[1]["state"] == "live"
    rig.act("delete", object=rig.holding(found).name, id=found)
    rig.synced(days=8)
    assert rig.rows("SELECT state FROM record WHERE type = 'contact' AND source_id = :found", found=found) == [("deleted",)]
    document, record = document_of(rig, found)
    assert record["state"] == "deleted"
    assert document["live"] == any(one["state"] == "live" for one in document["records"])
    assert rig.counts()["contact"] == before - 1


def test_a_restored_contact_is_back_where_the_system_can_restore(rig: Rig) -> None:
    found = standin(rig.system).contact_id(rig.people(5)[4])
    name = rig.holding(found).name
    rig.act("delete", object=name, id=found)
    rig.synced(days=8)
    assert document_of(rig, found)[1]["state"] == "deleted"
    restorable = rig.archives(found)
    if restorable:
        rig.act("restore", object=name, id=found)
    rig.synced(days=8)
    assert document_of(rig, found)[1]["state"] == ("live" if restorable else "deleted")


def test_a_merged_record_counts_no_longer_where_the_system_merges(rig: Rig) -> None:
    before, pair = rig.counts(), rig.merge_two()
    rig.synced(days=8)
    if pair is None:
        assert rig.counts() == before
        return
    found = rig.rows("SELECT source_id, type, state FROM record WHERE source_id IN (:a, :b)", a=pair[0], b=pair[1])
    states = {source_id: (kind, state) for source_id, kind, state in found if kind != "survey_response"}
    (kind, kept), (_, lost) = (states[each] for each in pair)
    assert kept == "live"
    assert lost in ("merged", "deleted")
    assert rig.counts()[kind] == before[kind] - 1


@pytest.mark.parametrize("synced", PUSHING, indirect=True)
def test_a_genuine_push_has_its_record_read_again(rig: Rig) -> None:
    door, post = rig.listening()
    newest, asked = newest_run(rig), len(rig.watch.calls)
    found = rig.renamed(rig.people(6)[5], "Empurrado")
    assert post.taken
    outcomes = [inbox.accept(rig.hub, door, delivery) for delivery in post.taken]
    assert {outcome.status for outcome in outcomes} == {202}
    for outcome in outcomes:
        for work_id, _ in outcome.work:
            worker.perform(rig.hub, work_id)
    assert len(rig.watch.calls) > asked
    assert newest_run(rig) == newest
    body = rig.one("SELECT body FROM record WHERE type = 'contact' AND source_id = :found", found=found)
    assert "Empurrado" in body
    rig.clock.skip(seconds=20)
    rig.drained()
    assert "Empurrado" in str(document_of(rig, found)[0]["name"])


@pytest.mark.parametrize("synced", SIGNING, indirect=True)
def test_a_forged_push_is_refused_and_stores_nothing(rig: Rig) -> None:
    door, post = rig.listening()
    rig.renamed(rig.people(7)[6], "Forjado")
    genuine, before = post.taken[0], rig.one("SELECT count(*) FROM inbox")
    longer = genuine.body.replace(b"{", b'{"forged": true, ', 1)
    late = genuine.received_at + timedelta(minutes=6)
    unsigned = {name: value for name, value in genuine.headers.items() if "signature" not in name}
    for forged in (replace(genuine, body=longer), replace(genuine, received_at=late), replace(genuine, headers=unsigned)):
        assert inbox.accept(rig.hub, door, forged).status == 401
    assert rig.one("SELECT count(*) FROM inbox") == before
    assert inbox.accept(rig.hub, door, genuine).status == 202
    rig.drained()


@pytest.mark.parametrize("synced", PUSHING, indirect=True)
def test_a_push_that_is_no_json_is_refused_at_every_door(rig: Rig) -> None:
    door, post = rig.listening()
    rig.renamed(rig.people(8)[7], "Rasgado")
    torn = replace(post.taken[0], body=b"\xff{")
    assert inbox.accept(rig.hub, door, torn).status == (401 if rig.system in SIGNING else 400)


def test_records_without_what_is_optional_are_kept_and_stop_nothing(system: str, tmp_path: Path) -> None:
    """Each record once with nothing but which it is and when it changed, and once with null for everything else."""
    for name, blank in (("absent", False), ("null", True)):
        with rigs.rig(tmp_path / name, system) as rig, bare_records(blank=blank) as came:
            rig.drained()
            ended = rig.rows("SELECT state, error FROM run")
            assert len(ended) == rig.one("SELECT count(*) FROM stream")
            assert set(ended) == {("complete", None)}
            assert rig.one("SELECT state FROM connection") == "connected"
            assert {(stream, found) for stream, found in rig.rows("SELECT stream, source_id FROM source")} == came


def test_a_lost_deal_is_not_open(system: str, tmp_path: Path) -> None:
    for people in (60, 200):
        world = World(people, seed=7)
        deals = Counter(world.deal(index, system, number).status for index, number in world.keys(system, "deal"))
        if deals["lost"] or "deal" not in standin(system).truth(world):
            break
    with rigs.rig(tmp_path, system, people=people) as rig:
        rig.drained()
        told = rig.rows("SELECT json_extract(body, '$.status'), count(*) FROM record WHERE type = 'deal' GROUP BY 1")
        ended = rig.rows("SELECT type, count(*) FROM fact WHERE type IN ('deal.lost', 'deal.won') GROUP BY type")
        if "deal" not in standin(system).truth(world):
            assert not told
            return
        assert dict(told) == deals
        assert dict(ended) == {"deal.lost": deals["lost"], "deal.won": deals["won"]}


def vocabulary(rig: Rig) -> Iterator[tuple[Collection, int, str]]:
    """(collection, record, field) of text that our rules read as one of a few values: statuses, priorities, kinds."""
    rules = [rule for mapping in registry.mappings_of(rig.system) for rule in mapping.rules.values() if rule.options]
    read = {path.rpartition(".")[2] for rule in rules for path in rule.reads}
    for collection in rig.controls.collections.values():
        rows = [row for each in collection.live(0, 60) if (row := collection.row(each))]
        for field in sorted(read & set(rows[0].fields)) if rows else ():
            yield from [(collection, row.id, field) for row in rows if isinstance(row.fields[field], str)][:1]


def test_a_value_that_no_table_lists_is_asked_about(system: str, tmp_path: Path) -> None:
    with rigs.rig(tmp_path, system) as rig:
        rig.drained()
        asked: list[str] = []
        for collection, number, field in vocabulary(rig):
            collection.change(number, {field: "unheard-of"})
            rig.synced(days=1)
            asked = [row[0] for row in rig.rows("SELECT path FROM question WHERE lower(raw) = 'unheard-of'")]
            if asked:
                break
        assert asked
        assert rig.one("SELECT sum(unknown) FROM run") >= 1
        assert rig.one("SELECT count(*) FROM record WHERE body LIKE '%\"unknown\"%'") >= 1


def test_no_answer_leads_to_another_host(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[str] = []
    allowed = Endpoint.url

    def url(endpoint: Endpoint, path: str) -> str:
        found = allowed(endpoint, path)
        followed.extend([path] * path.startswith(ELSEWHERE))
        return found

    def moved(response: Response) -> Response:
        if response.is_json:
            response.set_data(re.sub(rb'https?://[^/"]+', ELSEWHERE.encode(), response.get_data()))
        return response

    monkeypatch.setattr(Endpoint, "url", url)
    with rigs.rig(tmp_path, system, people=200) as rig:
        rig.watch.spoilt = moved
        rig.drained()
        assert followed == []
        ended = rig.rows("SELECT stream, state, error FROM run")
        assert len(ended) == rig.one("SELECT count(*) FROM stream")
        for stream, how, error in ended:
            assert how == "complete" or "elsewhere.example" in error, stream
        assert rig.one("SELECT state FROM connection") == "connected"


@pytest.mark.parametrize("system", registry.connector_ids(), indirect=True)
def test_the_card_says_what_it_brings_what_it_lacks_and_where_that_is_written(system: str) -> None:
    connector = registry.connector(system)
    assert connector.docs.startswith("https://")
    assert connector.summary.endswith(".")
    assert connector.limits
    assert all(limit.endswith(".") for limit in connector.limits)
    assert connector.account
    assert f"| {connector.label} |" in README.read_text()
