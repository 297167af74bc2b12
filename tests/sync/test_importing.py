"""What importing a file promises: rows become records once, errors stay with their row, and a killed worker changes nothing."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, text

from hub.errors import BadInput
from hub.sheets.plan import Column, from_text
from hub.store import connections, overview, questions, records, uploads
from hub.store import tables as t
from hub.store.records import Filter, Page
from hub.sync import connect, decide, failed_rows, import_run, importing, rebuild, sheets
from hub.sync.hub import Hub
from tests import states, support
from tests.sync.files import broken, counted, imported, problems, sent

FREE = "UPDATE work SET lease_until = '2000-01-01 00:00:00.000000', not_before = '2000-01-01 00:00:00.000000', enqueued_at = NULL"
"""Ends every lease and every wait."""
PEOPLE = "id,name,email,signed up\n1,Ana,ana@x.com,2026-03-31\n2,Zé,ze@x.com,\n"


@pytest.fixture
def customers(hub: Hub) -> str:
    return sheets.create(hub, "Customers of the shop", "contact").id


def bodies(hub: Hub, connection_id: str, kind: str = "contact") -> dict[str, Any]:
    with hub.database.reading() as tx:
        found = [json.loads(body) for body in questions.bodies(tx, connection_id, kind)]
    return {body["id"]: body for body in found}


def count(hub: Hub, table: Any) -> int:
    with hub.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def test_rows_become_records_with_what_is_not_read_beside_them_and_their_rows_are_kept(
    hub: Hub, customers: str, tmp_path: Path
) -> None:
    run = imported(hub, customers, tmp_path, "id,name,email,signed up,shoe size\n7,Ana,ana@x.com,2026-03-31,39\n")
    assert run == {"state": "complete", "read": 1, "written": 1, "same": 0, "skipped": 0, "gone": 0, "unknown": 0}
    expected = {
        "id": "7",
        "full_name": "Ana",
        "emails": [{"address": "ana@x.com"}],
        "signed_up_at": "2026-03-31T00:00:00Z",
        "days": ["signed_up_at"],
        "custom": {"shoe size": "39"},
    }
    assert bodies(hub, customers) == {"7": expected}
    with hub.database.reading() as tx:
        (found,) = records.customers(tx, Page(limit=2), Filter(q="ana"))
        kept = records.sent(tx, [1])
    assert found.document["emails"][0]["address"] == "ana@x.com"
    row = {"id": "7", "name": "Ana", "email": "ana@x.com", "signed up": "2026-03-31", "shoe size": "39"}
    assert json.loads(kept[1])["row"] == row


def test_the_same_file_twice_changes_nothing(hub: Hub, customers: str, tmp_path: Path) -> None:
    content = PEOPLE + ",Nobody,n@x.com,\n2,Another,other@x.com,\n3,X,not an address,\n2,Zé,ze@x.com,\n"
    imported(hub, customers, tmp_path, content)
    before, raws = states.state(hub), count(hub, t.raw)
    run = imported(hub, customers, tmp_path, content)
    assert (run["read"], run["written"], run["skipped"]) == (6, 0, 0)
    assert (states.state(hub), count(hub, t.raw)) == (before, raws)


def test_a_row_that_changed_is_a_new_version_and_one_that_is_missing_stays(hub: Hub, customers: str, tmp_path: Path) -> None:
    imported(hub, customers, tmp_path, PEOPLE)
    run = imported(hub, customers, tmp_path, "id,name,email,signed up\n1,Ana Souza,ana@x.com,2026-03-31\n")
    assert (run["written"], run["gone"]) == (1, 0)
    assert {found["full_name"] for found in bodies(hub, customers).values()} == {"Ana Souza", "Zé"}
    assert count(hub, t.raw) == 3


def test_a_file_that_is_complete_takes_away_what_it_lacks(hub: Hub, customers: str, tmp_path: Path) -> None:
    imported(hub, customers, tmp_path, PEOPLE)
    run = imported(hub, customers, tmp_path, "id,name,email,signed up\n1,Ana,ana@x.com,2026-03-31\n", complete=True)
    assert (run["same"], run["gone"], list(bodies(hub, customers))) == (1, 1, ["1"])
    assert imported(hub, customers, tmp_path, PEOPLE)["written"] == 1
    assert sorted(bodies(hub, customers)) == ["1", "2"]


def test_when_suspiciously_much_is_missing_a_person_is_asked_before_it_goes(hub: Hub, customers: str, tmp_path: Path) -> None:
    lines = [f"{number},P{number},p{number}@x.com\n" for number in range(80)]
    imported(hub, customers, tmp_path, "id,name,email\n" + "".join(lines))
    imported(hub, customers, tmp_path, "id,name,email\n" + lines[0], complete=True)
    with hub.database.reading() as tx:
        (standing,) = overview.standings(tx, customers, ["contacts"])
        held = uploads.of(tx, customers)
    assert (len(bodies(hub, customers)), standing.missing, held and held.state) == (80, 79, uploads.HELD)
    support.drained(hub)
    assert len(bodies(hub, customers)) == 80
    decide.gone(hub, customers, "contacts")
    support.drained(hub)
    assert (list(bodies(hub, customers)), counted(hub, customers)["gone"], count(hub, t.upload)) == (["0"], 79, 0)


def test_a_row_that_cannot_be_read_is_kept_with_its_number_and_goes_once_it_is_mended(
    hub: Hub, customers: str, tmp_path: Path
) -> None:
    run = imported(
        hub, customers, tmp_path, PEOPLE + "3,X,nowhere,31/02/2026\n,Y,y@x.com,\n1,Z,z@x.com,\n" + "9" * 101 + ",W,,\n"
    )
    assert (run["read"], run["skipped"], sorted(bodies(hub, customers))) == (6, 4, ["1", "2"])
    assert problems(hub, customers) == [
        "row 4: column 'email' is no e-mail address; column 'signed up' is no moment of the calendar",
        "row 5: 'id' is empty, so that this row cannot be told from others",
        "row 6: 'id' says the same as in an earlier row of the file, and the rest of the row does not",
        "row 7: 'id' is longer than 100 characters",
    ]
    with hub.database.reading() as tx:
        connection = connections.get(tx, customers)
    listed = list(failed_rows.rows(hub, connection))
    assert listed[0] == ["Problem", "id", "name", "email", "signed up"]
    assert [row[1:4] for row in listed[1:4]] == [["3", "X", "nowhere"], ["", "Y", "y@x.com"], ["1", "Z", "z@x.com"]]
    imported(hub, customers, tmp_path, PEOPLE + "3,X,x@x.com,28/02/2026\n")
    assert (problems(hub, customers), sorted(bodies(hub, customers))) == ([], ["1", "2", "3"])


def test_an_order_tells_its_facts_and_of_its_buyer(hub: Hub, tmp_path: Path) -> None:
    orders = sheets.create(hub, "Orders", "order").id
    content = "id,email,customer,total,status,order date\n1,ana@x.com,Ana,R$ 10,pago,31/03/2026\n2,,Bob,R$ 5,pago,30/03/2026\n"
    imported(hub, orders, tmp_path, content)
    assert bodies(hub, orders, "order")["1"] == {
        "id": "1",
        "contact_ids": ["1#contact_ids"],
        "total": {"amount": "10", "currency": "BRL"},
        "status": "paid",
        "placed_at": "2026-03-31T00:00:00Z",
        "days": ["placed_at"],
    }
    assert bodies(hub, orders, "order")["2"]["custom"] == {"customer": "Bob"}
    ana = {"id": "1#contact_ids", "full_name": "Ana", "emails": [{"address": "ana@x.com"}]}
    assert bodies(hub, orders) == {"1#contact_ids": ana}
    with hub.database.reading() as tx:
        told = {(row.type, f"{row.occurred_at:%Y-%m-%d}", row.precision) for row in tx.execute(select(t.fact))}
    assert told == {("order.paid", "2026-03-31", "day"), ("order.paid", "2026-03-30", "day")}


def test_a_value_in_no_table_is_a_question_and_a_changed_mapping_reads_what_is_stored_again(hub: Hub, tmp_path: Path) -> None:
    orders = sheets.create(hub, "Orders", "order").id
    run = imported(hub, orders, tmp_path, "id,status\n1,Em separação\n2,pago\n")
    assert (run["unknown"], bodies(hub, orders, "order")["1"]["status"]) == (1, "unknown")
    with hub.database.reading() as tx:
        assert [(row.path, row.raw) for row in overview.asked(tx, orders)] == [("status", "Em separação")]
        plan = from_text(connections.get(tx, orders).answers)
    assert plan is not None
    meant = Column(name="status", field="status", values={"pago": "paid", "Em separação": "pending"})
    importing.change(hub, orders, msgspec.structs.replace(plan, columns=(Column(name="id"), meant)))
    support.drained(hub)
    assert {found["status"] for found in bodies(hub, orders, "order").values()} == {"pending", "paid"}
    with hub.database.reading() as tx:
        assert overview.asked(tx, orders) == []


def test_the_column_that_tells_rows_apart_stays_once_rows_are_stored(hub: Hub, customers: str, tmp_path: Path) -> None:
    imported(hub, customers, tmp_path, PEOPLE)
    plan = sent(hub, customers, tmp_path, PEOPLE, key="email")
    with pytest.raises(BadInput, match="rows are told apart by 'id'"):
        importing.begin(hub, customers, plan, complete=False)


def test_rows_without_an_id_are_told_apart_by_what_they_say(hub: Hub, customers: str, tmp_path: Path) -> None:
    def digested(content: str) -> dict[str, Any]:
        plan = msgspec.structs.replace(sent(hub, customers, tmp_path, content), key=("name", "email"), digested=True)
        importing.begin(hub, customers, plan, complete=False)
        support.drained(hub)
        return counted(hub, customers)

    assert digested("name,email,city\nAna,ana@x.com,Recife\nAna,other@x.com,Olinda\n")["written"] == 2
    run = digested("name,email,city\nNew,new@x.com,Natal\nAna,other@x.com,Olinda\nAna,ana@x.com,Recife\n")
    assert (run["written"], run["same"], len(bodies(hub, customers)), count(hub, t.raw)) == (1, 2, 3, 3)


def test_a_rows_own_time_of_change_keeps_older_news_out(hub: Hub, customers: str, tmp_path: Path) -> None:
    imported(hub, customers, tmp_path, "id,name,updated at\n1,New,2026-03-02T10:00:00Z\n")
    imported(hub, customers, tmp_path, "id,name,updated at\n1,Old,2026-03-01T10:00:00Z\n")
    assert bodies(hub, customers)["1"]["full_name"] == "New"


def test_an_import_that_is_killed_after_any_page_goes_on_and_ends_equal(
    hub: Hub, customers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "PAGE", 3)
    content = (
        "id,name,email\n"
        + "".join(f"{n % 9},P{n % 9},p{n % 9}@x.com\n" for n in range(12))
        + "9,A,bad\n,B,b@x.com\n1,C,c@x.com\n"
    )
    importing.begin(hub, customers, sent(hub, customers, tmp_path, content), complete=True)
    with broken(hub) as lost:
        for _ in range(20):
            support.drained(hub)
            with hub.database.writing() as tx:
                tx.execute(text(FREE))
                if uploads.of(tx, customers) is None:
                    break
    once = sheets.create(hub, "Customers", "contact").id
    assert (len(lost), imported(hub, once, tmp_path, content, complete=True)["read"]) == (5, 15)
    assert counted(hub, customers) == counted(hub, once)
    assert bodies(hub, customers) == bodies(hub, once)
    assert problems(hub, customers) == problems(hub, once)


def test_what_is_rebuilt_from_rows_is_what_was_there(hub: Hub, customers: str, tmp_path: Path) -> None:
    imported(hub, customers, tmp_path, PEOPLE + "3,X,nowhere,\n")
    imported(hub, customers, tmp_path, PEOPLE.replace("Ana", "Ana Souza") + "3,X,nowhere,\n")
    before = states.state(hub)
    rebuild.rebuild(hub)
    after = states.state(hub)
    assert {name: rows for name, rows in after.items() if name != "source"} == {
        name: rows for name, rows in before.items() if name != "source"
    }


def test_while_a_file_is_read_no_other_is_taken_and_paused_it_waits(hub: Hub, customers: str, tmp_path: Path) -> None:
    plan = sent(hub, customers, tmp_path, PEOPLE)
    importing.begin(hub, customers, plan, complete=False)
    with pytest.raises(BadInput, match="a file is being imported"):
        sent(hub, customers, tmp_path, PEOPLE)
    with pytest.raises(BadInput, match="imported already"):
        importing.begin(hub, customers, plan, complete=False)
    connect.pause(hub, customers)
    support.drained(hub)
    assert bodies(hub, customers) == {}
    connect.resume(hub, customers)
    support.drained(hub)
    assert sorted(bodies(hub, customers)) == ["1", "2"]


def test_a_file_goes_with_its_import_with_the_next_one_and_with_its_connection(hub: Hub, customers: str, tmp_path: Path) -> None:
    sent(hub, customers, tmp_path, PEOPLE)
    sent(hub, customers, tmp_path, PEOPLE * 2)
    assert (count(hub, t.upload), count(hub, t.part)) == (1, 1)
    imported(hub, customers, tmp_path, PEOPLE)
    assert (count(hub, t.upload), count(hub, t.part)) == (0, 0)
    sent(hub, customers, tmp_path, PEOPLE)
    connect.disconnect(hub, customers, keep_data=False)
    support.drained(hub)
    assert {count(hub, each) for each in (t.upload, t.part, t.source, t.raw, t.record, t.connection)} == {0}


def test_a_file_that_turns_out_unreadable_stops_with_its_reason_and_what_was_read_stays(
    hub: Hub, customers: str, tmp_path: Path
) -> None:
    many = "".join(f"{n},P{n},p{n}@x.com\n" for n in range(1200))
    run = imported(hub, customers, tmp_path, "id,name,email\n" + many + '1200,"' + "x" * 200_000)
    with hub.database.reading() as tx:
        (standing,) = overview.standings(tx, customers, ["contacts"])
    assert (run["state"], run["read"], uploads_of(hub, customers)) == ("stopped", 1000, None)
    assert "perhaps a quotation mark is not closed" in (standing.error or "")


def uploads_of(hub: Hub, connection_id: str) -> Any:
    with hub.database.reading() as tx:
        return uploads.of(tx, connection_id)
