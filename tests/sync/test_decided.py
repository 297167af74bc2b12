"""What an admin decides of records and fields: lists as types, and the source's own fields as fields of ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hub.model import Company, Deal, record_id
from hub.store import canonical
from hub.store import tables as t
from hub.store.canonical import Entry, Origin
from hub.sync import decide
from hub.sync.decide import ReadAs
from hub.sync.rebuild import rebuild
from tests import boards, support
from tests.boards import PEOPLE, SALES, Board, card
from tests.states import state


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Board]:
    with boards.board(monkeypatch, tmp_path, database_url) as found:
        yield found


def are(board: Board, of: dict[str, Any], what: str | None) -> None:
    """An admin says what the records of a list are."""
    listed = {"stream": "cards", "path": "list.id", "raw": str(of["id"])}
    decide.choose(board.hub, board.connection.id, **listed, value=what, by="admin")
    support.drained(board.hub)


def read_as(board: Board, kind: str, **fields: str | None) -> None:
    """An admin says as what some of the custom fields are read."""
    wanted = [ReadAs(type=kind, path=f"custom.{path}", field=name) for path, name in fields.items()]
    decide.read_as(board.hub, board.connection.id, stream="cards", fields=wanted, by="admin")
    support.drained(board.hub)


def rows(board: Board, table: Any) -> list[tuple[Any, ...]]:
    with board.hub.database.reading() as tx:
        return [tuple(row) for row in tx.execute(select(table))]


def built_again_is_the_same(board: Board) -> None:
    before = state(board.hub)
    rebuild(board.hub)
    after = state(board.hub)
    for table, held in before.items():
        assert after[table] == held, table


def customers(board: Board) -> set[str]:
    with board.hub.database.reading() as tx:
        return set(tx.execute(select(t.customer.c.name)).scalars())


def test_nothing_is_read_of_a_list_before_somebody_says_what_its_records_are(board: Board) -> None:
    board.put(card(1, PEOPLE), card(2, PEOPLE), card(3, SALES), card(4, {}))
    assert board.live() == {}
    assert board.asked() == {
        ("list.id", "901", "People", 2),
        ("list.id", "902", "Sales", 1),
        ("list.id", "", "the record says nothing there", 1),
    }
    assert len(rows(board, t.raw)) == 4
    built_again_is_the_same(board)


def test_the_records_of_a_list_are_what_was_decided(board: Board) -> None:
    board.put(card(1, PEOPLE, mail="ana@example.com"), card(2, SALES, people=[1], status="won"))
    are(board, PEOPLE, "contact")
    assert board.live().keys() == {"contact:1"}
    assert board.asked() == {("list.id", "902", "Sales", 1)}
    are(board, SALES, "deal")
    assert board.live().keys() == {"contact:1", "deal:2"}
    assert board.one("deal:2")["contact_ids"] == ["1"]
    assert board.asked() == set()
    board.put(card(5, SALES, status="open"))
    assert board.live().keys() == {"contact:1", "deal:2", "deal:5"}
    built_again_is_the_same(board)


def test_records_that_are_nothing_are_kept_and_no_question(board: Board) -> None:
    board.put(card(1, PEOPLE))
    are(board, PEOPLE, "nothing")
    assert (board.live(), board.asked(), len(rows(board, t.raw))) == ({}, set(), 1)


def test_a_type_that_is_no_choice_any_more_is_a_question_again(board: Board) -> None:
    board.put(card(1, PEOPLE))
    are(board, PEOPLE, "invoice")
    assert board.live() == {}
    assert board.asked() == {("list.id", "901", "People", 1)}


def told(board: Board) -> dict[str, int]:
    """How many rows there are of each thing that follows from a record, and how many of it are still true."""
    tables = (t.record, t.identifier, t.mention, t.link, t.customer, t.fact, t.merger)
    with board.hub.database.reading() as tx:
        return {table.name: tx.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def test_a_list_that_is_decided_otherwise_leaves_no_ghost(board: Board) -> None:
    board.put(card(1, PEOPLE, mail="ana@example.com"), card(2, SALES, people=[1], status="won"))
    are(board, SALES, "deal")
    are(board, PEOPLE, "deal")
    as_deals = state(board.hub)
    are(board, PEOPLE, "contact")
    assert customers(board) == {"card 1"}
    are(board, PEOPLE, "deal")
    assert board.live().keys() == {"deal:1", "deal:2"}
    assert customers(board) == set()
    assert state(board.hub) == as_deals
    are(board, PEOPLE, "nothing")
    are(board, SALES, "nothing")
    assert set(told(board).values()) == {0}
    built_again_is_the_same(board)


def test_a_decision_that_is_taken_back_leaves_no_ghost(board: Board) -> None:
    board.put(card(1, PEOPLE, mail="ana@example.com"))
    are(board, PEOPLE, "contact")
    are(board, PEOPLE, None)
    assert set(told(board).values()) == {0}
    assert board.asked() == {("list.id", "901", "People", 1)}
    with board.hub.database.reading() as tx:
        feed = tx.execute(select(t.change.c.action).order_by(t.change.c.position)).scalars().all()
    assert feed == ["created", "removed"]
    built_again_is_the_same(board)


def test_a_record_that_moves_to_another_list_is_what_that_list_holds(board: Board) -> None:
    board.put(card(1, PEOPLE, mail="ana@example.com"), card(2, PEOPLE, mail="ana@example.com"))
    are(board, PEOPLE, "contact")
    are(board, SALES, "deal")
    board.put(card(1, SALES, mail="ana@example.com", status="won", people=[2]) | {"updated": "2026-03-01T00:00:00Z"})
    assert board.live().keys() == {"contact:2", "deal:1"}
    assert len(customers(board)) == 1
    with board.hub.database.reading() as tx:
        keys = tx.execute(select(t.identifier.c.record_id).where(t.identifier.c.key == "email:ana@example.com")).scalars().all()
    assert len(keys) == 1
    built_again_is_the_same(board)
    are(board, PEOPLE, "nothing")
    are(board, SALES, "nothing")
    assert set(told(board).values()) == {0}


def test_what_a_record_no_longer_reads_as_takes_with_it_what_it_told(board: Board) -> None:
    board.put(card(1, SALES, status="won", people=[5]))
    are(board, SALES, "deal")
    assert told(board)["fact"] > 0
    origin = Origin(connection_id="rt-1", system="rt", stream="cards", received_at=board.hub.time.now())
    touched: set[str] = set()
    with board.hub.database.writing() as tx:
        canonical.write(tx, origin, [("1", ())], touched)
    assert set(told(board).values()) == {0}
    assert touched == {record_id("rt-1", "contact", "5")}


def test_whoever_a_forgotten_record_concerned_is_derived_again(board: Board) -> None:
    origin = Origin(connection_id="rt-1", system="rt", stream="cards", received_at=board.hub.time.now())
    read: list[Entry] = [
        ("1", [Company(id="1")]),
        ("2", [Deal(id="2", contact_ids=("5",))]),
        ("3", [Company(id="3", domains=("a.example",))]),
    ]
    beside = Company(id="4", domains=("a.example",))
    touched: set[str] = set()
    with board.hub.database.writing() as tx:
        canonical.write(tx, origin, [*read, ("4", [beside])], set())
        canonical.write(tx, origin, [("1", ()), ("2", ()), ("3", ()), ("4", [beside])], touched)
    theirs = {("company", "1"), ("contact", "5"), ("company", "3"), ("company", "4")}
    assert touched == {record_id("rt-1", kind, each) for kind, each in theirs}


def test_what_the_source_calls_a_list_may_be_long(board: Board) -> None:
    board.put(card(1, {"id": 901, "name": "L" * 300}))
    assert board.asked() == {("list.id", "901", "L" * 150, 1)}


def test_a_field_of_the_account_s_own_is_read_as_decided_and_kept(board: Board) -> None:
    own = {"Satisfaction": "8.5", "Mr. or Mrs.": "Mrs", "Signed": "2026-01-05", "Mail": ["ana@example.com", "a@example.org"]}
    board.put(card(1, PEOPLE, mail="ana@example.com", custom=own))
    are(board, PEOPLE, "contact")
    assert "scores" not in board.one("contact:1")
    read_as(
        board, "contact", **{"Satisfaction": "scores", "Mr. or Mrs.": "honorific", "Signed": "signed_up_at", "Mail": "emails"}
    )
    found = board.one("contact:1")
    assert found["scores"] == [{"name": "Satisfaction", "value": "8.5"}]
    assert found["honorific"] == "Mrs"
    assert (found["signed_up_at"], found["days"]) == ("2026-01-05T00:00:00Z", ["signed_up_at"])
    assert found["emails"] == [{"address": "ana@example.com", "primary": True}, {"address": "a@example.org"}]
    assert found["custom"] == own
    built_again_is_the_same(board)
    read_as(board, "contact", Satisfaction=None)
    assert "scores" not in board.one("contact:1")
    assert board.one("contact:1")["honorific"] == "Mrs"


def test_a_decided_field_counts_before_the_rule_and_only_where_it_says_something(board: Board) -> None:
    board.put(card(1, PEOPLE, custom={"Known as": "Ana"}), card(2, PEOPLE, custom={"Known as": " "}), card(3, PEOPLE))
    are(board, PEOPLE, "contact")
    read_as(board, "contact", **{"Known as": "full_name"})
    assert [board.one(f"contact:{number}")["full_name"] for number in (1, 2, 3)] == ["Ana", "Card 2", "Card 3"]


def test_what_a_decided_field_cannot_hold_is_counted_and_what_is_in_no_list_is_asked(board: Board) -> None:
    board.put(card(1, SALES, status="open", custom={"Close": "soon", "State": "Signed"}))
    are(board, SALES, "deal")
    read_as(board, "deal", Close="expected_close_on", State="status")
    found = board.one("deal:1")
    assert "expected_close_on" not in found
    assert found["status"] == "unknown"
    assert board.asked() == {("custom.Close", "", "not a date", 1), ("custom.State", "Signed", "in no table", 1)}
    said = {"stream": "cards", "path": "custom.State", "raw": "Signed"}
    decide.choose(board.hub, board.connection.id, **said, value="won", by="admin")
    support.drained(board.hub)
    assert board.one("deal:1")["status"] == "won"
    built_again_is_the_same(board)


def test_fields_are_read_so_for_one_type_only_and_in_whichever_order_they_were_decided(board: Board) -> None:
    board.put(card(1, PEOPLE, custom={"A": "one", "B": "two"}), card(2, {"id": 3}, custom={"A": "one"}))
    are(board, PEOPLE, "contact")
    are(board, {"id": 3}, "company")
    read_as(board, "contact", B="city")
    read_as(board, "contact", A="city")
    assert board.one("contact:1")["city"] == "one"
    assert "city" not in board.one("company:2")
    first = state(board.hub)
    read_as(board, "contact", A=None, B=None)
    assert "city" not in board.one("contact:1")
    read_as(board, "contact", A="city", B="city")
    assert state(board.hub)["record"] == first["record"]


def test_a_field_that_lies_in_the_record_itself_is_not_unread_once_it_is_read(board: Board) -> None:
    board.put(card(1, PEOPLE, nick="Nina", role="CTO"))
    are(board, PEOPLE, "contact")
    wanted = [ReadAs(type="contact", path="role", field="job_title")]
    decide.read_as(board.hub, board.connection.id, stream="cards", fields=wanted, by="admin")
    support.drained(board.hub)
    assert board.one("contact:1")["job_title"] == "CTO"
    board.put(card(1, PEOPLE, nick="Nino", role="CEO"))
    with board.hub.database.reading() as tx:
        unread = tx.execute(select(t.run.c.unread).order_by(t.run.c.id.desc()).limit(1)).scalar_one()
    assert unread == '["nick"]'
    assert board.one("contact:1")["job_title"] == "CEO"
