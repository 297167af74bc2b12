"""Finding a customer, and seeing where everything that is said about it comes from."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from hub.store import tables as t
from hub.store import work
from hub.sync import push, worker
from hub.sync.hub import Hub
from tests.web.visiting import Visitor, admin, words

WHEN = "2026-01-02T03:04:05Z"


def contact(number: str, name: str, email: str | None = None, **data: Any) -> dict[str, Any]:
    emails = {"emails": [{"address": email}]} if email else {}
    return {"type": "contact", "id": number, "changed_at": WHEN, "data": {"full_name": name, **emails, **data}}


def company(number: str, name: str, **data: Any) -> dict[str, Any]:
    return {"type": "company", "id": number, "changed_at": WHEN, "data": {"name": name, **data}}


def derived(hub: Hub) -> None:
    """Have the customers put together from what has arrived."""
    while True:
        with hub.database.writing() as tx:
            due = work.to_enqueue(tx, hub.time.now())
        if not due:
            return
        for work_id, _ in due:
            worker.perform(hub, work_id)


def sent(hub: Hub, connection: str, *records: dict[str, Any]) -> None:
    """Push records and have the customers derived."""
    outcomes = push.accept(hub, connection, records).outcomes
    assert [each.error for each in outcomes] == [None] * len(records)
    derived(hub)


def id_of(somebody: Visitor, name: str) -> str:
    page = somebody.get(f"/customers?q={name}").text
    (found, *_) = re.findall(r'href="/customers/([0-9a-f-]{36})">', page)
    return str(found)


def two_systems(hub: Hub) -> None:
    """Ana in two systems that spell her title differently, her company, and what mentions them."""
    crm, desk = push.create(hub, "CRM"), push.create(hub, "Desk")
    sent(
        hub,
        crm.id,
        contact("1", "Ana Souza", "ana@acme.example", job_title="CFO", company_ids=["10"], url="https://crm.example/1"),
        company("10", "Acme", domains=["acme.example"]),
        {"type": "deal", "id": "5", "changed_at": WHEN, "data": {"name": "Renewal", "status": "open", "contact_ids": ["1"]}},
    )
    older = contact("77", "Ana Souza", "ANA@acme.example", job_title="Head of Finance")
    ticket = {"type": "ticket", "id": "9", "changed_at": WHEN, "data": {"subject": "Broken door", "requester_ids": ["77"]}}
    sent(hub, desk.id, older | {"changed_at": "2025-12-01T00:00:00Z"}, ticket)


def test_a_customer_shows_each_value_with_its_source_and_what_lost_to_it(hub: Hub) -> None:
    two_systems(hub)
    somebody = admin(hub)
    page = somebody.get(f"/customers/{id_of(somebody, 'souza')}")
    said = words(page)
    assert "Job title CFO From Push API, chosen from 2 CFO from Push API 1" in said
    assert "Head of Finance from Push API 77 , changed 1 Dec 2025, 00:00 UTC . Not chosen: older." in said
    assert "2 records" in said
    assert "Belongs here by the same main e-mail address (0.99)." in said
    assert 'href="https://crm.example/1"' in page.text
    assert "Renewal" in said
    assert "Broken door" in said
    assert "Companies Acme" in said


def test_a_company_shows_its_people(hub: Hub) -> None:
    two_systems(hub)
    somebody = admin(hub)
    assert "People Ana Souza CFO" in somebody.text(f"/customers/{id_of(somebody, 'acme&type=company')}")


def test_a_company_shows_those_who_have_an_address_at_its_domain_and_nobody_of_a_free_one(hub: Hub) -> None:
    desk = push.create(hub, "Desk").id
    known = company("10", "Acme", domains=["acme.example", "gmail.com"])
    sent(hub, desk, contact("1", "Ana Souza", "ana@mail.acme.example"), contact("2", "Bo Lima", "bo@gmail.com"), known)
    somebody = admin(hub)
    said = words(somebody.get(f"/customers/{id_of(somebody, 'acme&type=company')}"))
    assert "Ana Souza" in said
    assert "Bo Lima" not in said


@pytest.fixture(scope="module")
def searching(shared_hub: Hub) -> Visitor:
    """An admin at a hub of a few customers that no test changes."""
    two_systems(shared_hub)
    sent(shared_hub, "push-1", contact("2", "João Pereira"), company("11", "100% Local"))
    return admin(shared_hub)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=souza", ["Ana Souza"]),
        ("q=SOUZA+ana", ["Ana Souza"]),
        ("q=joao", ["João Pereira"]),
        ("q=acme.example", ["Ana Souza"]),
        ("q=100%25", ["100% Local"]),
        ("q=_", []),
        ("q=souza&type=company", []),
        ("type=company", ["100% Local", "Acme"]),
        ("type=nonsense&q=acme", ["Acme", "Ana Souza"]),
    ],
)
def test_a_search_finds_every_word_in_names_addresses_and_numbers(searching: Visitor, query: str, found: list[str]) -> None:
    page = searching.get(f"/customers?{query}").text
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page) == found


def test_every_customer_is_on_exactly_one_page_forwards_and_backwards(hub: Hub) -> None:
    push.create(hub, "CRM")
    sent(hub, "push-1", *(contact(str(number), f"Person {number % 7}") for number in range(120)))
    somebody = admin(hub)

    def walk(path: str, way: str) -> list[list[str]]:
        pages = []
        while path:
            page = somebody.get(path).text
            pages.append(re.findall(r'<a href="/customers/([0-9a-f-]{36})">', page))
            links = re.findall(rf'href="([^"]+)" rel="{way}"', page)
            path = links[0].replace("&amp;", "&") if links else ""
            last.append(page)
        return pages

    last: list[str] = []
    forwards = walk("/customers", "next")
    ids = [each for page in forwards for each in page]
    assert ([len(page) for page in forwards], len(set(ids))) == ([50, 50, 20], 120)
    back = re.findall(r'href="([^"]+)" rel="prev"', last[-1])[0]
    backwards = walk(back.replace("&amp;", "&"), "prev")
    assert [each for page in reversed(backwards) for each in page] == ids[:100]


def test_what_systems_say_is_text_and_never_markup(hub: Hub) -> None:
    push.create(hub, "CRM")
    evil = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    sent(hub, "push-1", contact("1", evil, "a@b.example", job_title=evil, url="javascript:alert(1)"))
    somebody = admin(hub)
    for path in ("/customers", f"/customers/{id_of(somebody, 'alert')}", f"/customers?q={evil}"):
        page = somebody.get(path).text
        assert "<img" not in page
        assert "{{7*7}}" in page
        assert 'href="javascript:' not in page


def test_an_id_that_was_merged_leads_to_the_survivor(hub: Hub) -> None:
    push.create(hub, "CRM")
    sent(hub, "push-1", contact("1", "Ana Souza", "ana@a.example", created_at="2020-01-01T00:00:00Z"))
    sent(hub, "push-1", contact("2", "Ana Souza", "ana@b.example", created_at="2021-01-01T00:00:00Z"))
    somebody = admin(hub)
    both = re.findall(r'href="/customers/([0-9a-f-]{36})">', somebody.get("/customers?q=souza").text)
    joined = contact("1", "Ana Souza", created_at="2020-01-01T00:00:00Z", emails=[{"address": f"ana@{x}.example"} for x in "ab"])
    sent(hub, "push-1", joined | {"changed_at": "2026-02-02T00:00:00Z"})
    (survivor,) = re.findall(r'href="/customers/([0-9a-f-]{36})">', somebody.get("/customers?q=souza").text)
    (gone,) = set(both) - {survivor}
    answer = somebody.get(f"/customers/{gone}")
    assert (answer.status_code, answer.location) == (302, f"/customers/{survivor}")
    assert "was found to be the same as this one" in somebody.text(f"/customers/{survivor}")


def test_an_id_whose_records_are_gone_says_so(hub: Hub) -> None:
    push.create(hub, "CRM")
    sent(hub, "push-1", contact("1", "Ana Souza"))
    somebody = admin(hub)
    gone = id_of(somebody, "souza")
    somebody.post("/settings/connections/push-1/disconnect", data="delete")
    derived(hub)
    answer = somebody.get(f"/customers/{gone}")
    assert (answer.status_code, "The records of this customer are gone" in words(answer)) == (410, True)


def test_a_record_that_is_somebody_else_is_set_apart_and_that_can_be_taken_back(hub: Hub) -> None:
    two_systems(hub)
    somebody = admin(hub)
    one = id_of(somebody, "souza")
    (action, *_) = re.findall(rf'action="(/customers/{one}/apart/[^"]+)"', somebody.get(f"/customers/{one}").text)
    assert somebody.post(action).status_code == 303
    derived(hub)
    found = re.findall(r'href="/customers/([0-9a-f-]{36})">', somebody.get("/customers?q=souza").text)
    assert len(found) == 2
    page = somebody.get(f"/customers/{found[0]}")
    assert "Said to be somebody else Ana Souza by Admin" in words(page)
    undo = re.findall(r'action="([^"]+/together/\d+)"', page.text)[0]
    assert somebody.post(undo).status_code == 303
    derived(hub)
    assert len(re.findall(r'href="/customers/([0-9a-f-]{36})">', somebody.get("/customers?q=souza").text)) == 1
    with hub.database.reading() as tx:
        assert {row.kind for row in tx.execute(select(t.decision))} == {"apart"}
    log = somebody.text("/settings/audit")
    assert "Set a record apart" in log
    assert "Took back a separation" in log


def test_a_record_of_somebody_else_cannot_be_set_apart_here(hub: Hub) -> None:
    two_systems(hub)
    somebody = admin(hub)
    assert somebody.post(f"/customers/{id_of(somebody, 'souza')}/apart/some-record").status_code == 404
