"""The review queue: two customers side by side, decided by an operator, and taken back."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from hub.store import access
from hub.store import tables as t
from hub.sync import organisation, push
from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.test_customers import contact, derived, sent
from tests.web.visiting import Visitor, admin, signed_in, words


def person(number: str, name: str, **data: Any) -> dict[str, Any]:
    return contact(number, name, f"p{number}@example.com", phones=[{"number": "(11) 91234-5678"}], **data)


def doubted(hub: Hub) -> None:
    """Two who share a mobile number and nearly a name."""
    push.create(hub, "CRM")
    organisation.change(hub, {"organisation": {"country": "BR"}}, by="user:1")
    sent(hub, "push-1", person("1", "Ana Souza", job_title="CFO", created_at="2023-01-02T00:00:00Z"))
    sent(hub, "push-1", person("2", "Ana de Souza", city="Campinas", created_at="2024-01-02T00:00:00Z"))


def pair(somebody: Visitor) -> str:
    (found,) = re.findall(r'action="/identity/([0-9a-f-]{36})/same"', somebody.get("/identity").text)
    return str(found)


def customers(hub: Hub) -> int:
    derived(hub)
    with hub.database.reading() as tx:
        return int(tx.execute(select(func.count()).select_from(t.customer)).scalar_one())


def test_the_queue_shows_both_with_what_differs_and_what_speaks_for_it(hub: Hub) -> None:
    doubted(hub)
    page = admin(hub).get("/identity")
    said = words(page)
    assert "1 pair waits." in said
    assert "Review (1)" in said
    assert re.search(r"Name differs (Ana Souza Ana de Souza|Ana de Souza Ana Souza) ", said)
    assert "Phone same +5511912345678 +5511912345678" in said
    assert re.search(r"Job title (CFO not known|not known CFO)", said)
    assert "The same mobile number and nearly the same name (0.90): Push API 1 and Push API 2." in said
    assert 'data-key="m"' in page.text


def test_merging_makes_one_of_two_and_can_be_undone(hub: Hub) -> None:
    doubted(hub)
    somebody = admin(hub)
    found = pair(somebody)
    answer = somebody.post(f"/identity/{found}/same")
    assert (answer.status_code, answer.location) == (303, f"/identity?decided={found}")
    before = somebody.get(answer.location)
    assert "Noted: the two are one." in words(before)
    assert "Nothing to decide" in words(before)
    assert customers(hub) == 1
    (undo,) = re.findall(r'action="([^"]+/undo)"', somebody.get(answer.location).text)
    assert somebody.post(undo).status_code == 303
    assert customers(hub) == 2
    assert pair(somebody) == found
    assert "Undo" not in somebody.text(answer.location)
    log = somebody.text("/settings/audit")
    assert "Merged two customers" in log
    assert "Took back a decision on a pair" in log
    assert "Souza" not in log


def test_not_the_same_asks_never_again_and_can_be_undone(hub: Hub) -> None:
    doubted(hub)
    somebody = admin(hub)
    found = pair(somebody)
    assert somebody.post(f"/identity/{found}/different").status_code == 303
    assert customers(hub) == 2
    assert "Nothing to decide" in somebody.text("/identity")
    assert somebody.post(f"/identity/{found}/undo").status_code == 303
    derived(hub)
    assert pair(somebody) == found


def test_later_puts_a_pair_behind_the_others(hub: Hub) -> None:
    doubted(hub)
    phones = {"phones": [{"number": "(21) 99876-5432"}]}
    sent(hub, "push-1", contact("3", "Bo Lima", "p3@example.com", **phones), contact("4", "Bo Lyma", "p4@example.com", **phones))
    somebody = admin(hub)
    first = pair(somebody)
    assert "2 pairs wait." in somebody.text("/identity")
    assert somebody.post(f"/identity/{first}/later").status_code == 303
    page = somebody.get("/identity")
    assert pair(somebody) != first
    assert f'href="/identity?pair={first}"' in page.text
    assert "put off" in words(page)


def test_the_page_of_a_customer_leads_to_the_question_about_it(hub: Hub) -> None:
    doubted(hub)
    somebody = admin(hub)
    found = pair(somebody)
    (one, *_) = re.findall(r'href="/customers/([0-9a-f-]{36})"', somebody.get("/identity").text)
    page = somebody.get(f"/customers/{one}")
    assert "May be the same as" in words(page)
    assert f'href="/identity?pair={found}"' in page.text


def test_a_merge_by_hand_can_be_taken_back_on_the_page_of_the_customer(hub: Hub) -> None:
    doubted(hub)
    somebody = admin(hub)
    somebody.post(f"/identity/{pair(somebody)}/same")
    assert customers(hub) == 1
    (one, *_) = re.findall(r'href="/customers/([0-9a-f-]{36})"', somebody.get("/customers").text)
    said = somebody.text(f"/customers/{one}")
    assert "Belongs here by the decision of a person (1.00)." in said
    assert "Take back the last merge" in said
    assert somebody.post(f"/customers/{one}/unmerge").status_code == 303
    assert customers(hub) == 2


def test_viewers_compare_and_do_not_decide(hub: Hub) -> None:
    doubted(hub)
    found = pair(admin(hub))
    viewer = signed_in(create_app(hub), hub, access.VIEWER)
    page = viewer.get("/identity")
    assert "Operators decide." in words(page)
    assert "<kbd" not in page.text
    for act in ("same", "different", "later", "undo"):
        assert viewer.post(f"/identity/{found}/{act}").status_code == 403
    operator = signed_in(create_app(hub), hub, access.OPERATOR)
    assert operator.client.post(f"/identity/{found}/same").status_code == 400
    assert customers(hub) == 2


@pytest.mark.parametrize("act", ["same", "different", "later", "undo"])
def test_what_is_no_question_any_more_is_a_message(hub: Hub, act: str) -> None:
    doubted(hub)
    somebody = admin(hub)
    answer = somebody.post(f"/identity/nonsense/{act}")
    assert (answer.status_code, answer.location) == (303, "/identity")
    assert "This is no question any more" in somebody.text("/identity")


@pytest.mark.parametrize(
    ("query", "status"), [("pair=x", 404), ("pair=%ff", 404), ("decided=x", 200), ("decided=" + "9" * 3000, 200)]
)
def test_an_address_that_names_no_pair_is_no_failure(hub: Hub, query: str, status: int) -> None:
    doubted(hub)
    assert admin(hub).get(f"/identity?{query}").status_code == status


def test_an_empty_queue_says_so_and_has_no_number(hub: Hub) -> None:
    said = admin(hub).text("/identity")
    assert "Nothing to decide" in said
    assert "Review (" not in said
