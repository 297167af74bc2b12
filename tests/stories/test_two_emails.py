"""One person with two addresses in two tools: a question until somebody answers it, then one customer, and back."""

from typing import Any

import pytest

from tests.stories.telling import Story, dateless, emails, joined, phones, reached, reais, said, stages

ANA: dict[str, Any] = {"full_name": "Ana Souza", "created_at": "2025-02-03T13:00:00Z"}
ADDRESS = {"emails": emails("Ana.Souza@Acme.com.br"), "phones": phones("(11) 91234-5678")}
DEAL: dict[str, Any] = {"contact_ids": ["101"], "opened_at": "2025-02-10T12:00:00Z", "amount": reais("12000.00")}
CRM = (
    said("contact", "101", "2025-02-03T13:00:00Z", **ANA, **ADDRESS),
    said("lead", "L1", "2025-02-03T13:00:00Z", contact_id="101", captured_at="2025-02-03T13:00:00Z"),
    said("deal", "D1", "2025-02-10T12:00:00Z", **DEAL, status="open"),
    said("deal", "D1", "2025-03-05T18:30:00Z", **DEAL, status="won", won_at="2025-03-05T18:30:00Z"),
)
USER: dict[str, Any] = {
    "full_name": "Ana Souza",
    "created_at": "2025-03-20T10:00:00Z",
    "emails": emails("ana@gmail.com"),
    "phones": phones("+55 11 91234-5678"),
}
RATING: dict[str, Any] = {"kind": "csat", "label": "good", "respondent_id": "9001", "ticket_id": "T1"}
HELPDESK = (
    said("contact", "9001", "2025-03-20T10:00:00Z", **USER),
    said("ticket", "T1", "2025-03-20T10:00:00Z", requester_ids=["9001"], opened_at="2025-03-20T10:00:00Z"),
    said("survey_response", "S1", "2025-03-22T10:00:00Z", **RATING, responded_at="2025-03-22T10:00:00Z"),
)
BOUGHT = ["2025-02-03T13:00:00Z lead.captured", "2025-02-10T12:00:00Z deal.opened", "2025-03-05T18:30:00Z deal.won"]
ASKED = ["2025-03-20T10:00:00Z ticket.opened", "2025-03-22T10:00:00Z survey.responded"]
AS_OF = "2025-03-25T00:00:00Z"


def told(story: Story) -> dict[str, str]:
    """Both tools' records; the customers' ids by tool."""
    for label, records in (("HubSpot", CRM), ("Zendesk", HELPDESK)):
        story.tell(story.system(label), *records)
    return holders(story)


def holders(story: Story) -> dict[str, str]:
    """The customer of each connection's contact."""
    return {record["connection_id"]: each["id"] for each in story.listed("customers") for record in each["records"]}


def state(story: Story) -> dict[str, Any]:
    """Everything about everybody but when it was written."""
    customers = dateless(story.listed("customers"))
    stands = [story.lifecycle(each["id"], AS_OF) for each in customers]
    return {"customers": customers, "lifecycles": stands, "candidates": story.candidates(), "facts": story.facts()}


def presale(story: Story, customer_id: str) -> list[bool]:
    return [each["is_presale"] for each in story.listed(f"customers/{customer_id}/timeline", type="ticket")]


def question(story: Story) -> str:
    (found,) = story.candidates()
    return f"identity/candidates/{found['id']}"


def test_two_records_without_a_common_address_are_two_customers(story: Story) -> None:
    ids = told(story)
    assert len(set(ids.values())) == 2
    bought, asked = (story.lifecycle(ids[connection], AS_OF) for connection in ("push-1", "push-2"))
    assert stages(bought)[-1] == "conversion(1) 2025-03-05T18:30:00Z"
    assert stages(asked) == ["acquisition(1) 2025-03-20T10:00:00Z"]
    assert (bought["status"], asked["status"]) == ("customer_active", "prospect_open")
    assert presale(story, ids["push-2"]) == [True]
    assert (story.facts(customer=ids["push-1"]), story.facts(customer=ids["push-2"])) == (BOUGHT, ASKED)
    story.tell_again()


def test_one_mobile_under_one_name_is_a_question_and_no_merge(story: Story) -> None:
    ids = told(story)
    (found,) = story.candidates()
    assert (found["rule"], found["score"], found["state"]) == ("I5", 0.90, "review")
    assert set(found["customers"]) == set(ids.values())
    records = {record["record_id"] for each in story.listed("customers") for record in each["records"]}
    assert [(each["rule"], each["score"], set(each["records"])) for each in found["evidence"]] == [("I5", 0.90, records)]


def test_an_approval_makes_them_one_customer_under_the_elder_id(story: Story) -> None:
    ids = told(story)
    story.post(f"{question(story)}/approve", {})
    (customer,) = story.listed("customers")
    assert customer["id"] == ids["push-1"]
    assert {each["address"] for each in customer["emails"]} == {"ana.souza@acme.com.br", "ana@gmail.com"}
    assert [each["number"] for each in customer["phones"]] == ["+5511912345678"]
    assert joined(customer) == [("manual", 1.00)]
    assert story.candidates() == []
    moved = story.asks.get(f"customers/{ids['push-2']}")
    assert (moved.status_code, moved.get_json()["merged_into"]) == (308, ids["push-1"])
    story.tell_again()


def test_an_approval_makes_one_lifecycle_of_both(story: Story) -> None:
    customer = told(story)["push-1"]
    story.post(f"{question(story)}/approve", {})
    found = story.lifecycle(customer, AS_OF)
    assert stages(found) == [
        "acquisition(1) 2025-02-03T13:00:00Z 2025-03-05T18:30:00Z",
        "conversion(1) 2025-03-05T18:30:00Z",
    ]
    assert found["purchases"] == {"count": 1, "revenue": [{"amount": "12000.00", "currency": "BRL"}]}
    assert reached(found) == {"acquisition": ("2025-02-03T13:00:00Z", True), "revenue": ("2025-03-05T18:30:00Z", True)}
    assert presale(story, customer) == [False]
    assert story.facts(customer=customer) == BOUGHT + ASKED
    assert stages(story.lifecycle(customer, "2025-04-10T00:00:00Z"))[-1] == "retention(1) 2025-04-04T18:30:00Z"


def test_undoing_the_approval_gives_the_first_state_back_exactly(story: Story) -> None:
    ids = told(story)
    before = state(story)
    story.post(f"{question(story)}/approve", {})
    story.post(f"customers/{ids['push-1']}/unmerge", {})
    assert state(story) == before
    assert holders(story) == ids
    story.tell_again()


@pytest.mark.parametrize("reference", ["push-1:contact:101", "push-1:101", "push:contact:101"])
def test_a_native_cross_reference_makes_them_one_at_once(story: Story, reference: str) -> None:
    user, *rest = HELPDESK
    referring = user | {"data": USER | {"external_ids": [reference]}}
    crm, helpdesk = (story.system(label) for label in ("HubSpot", "Zendesk"))
    story.tell(helpdesk, referring, *rest)
    story.tell(crm, *CRM)
    (customer,) = story.listed("customers")
    assert [each["id"] for each in customer["records"]] == ["101", "9001"]
    assert joined(customer) == [("I1", 1.00)]
    assert story.candidates() == []
    assert stages(story.lifecycle(customer["id"], AS_OF))[-1] == "conversion(1) 2025-03-05T18:30:00Z"
    story.tell_again()


def test_undoing_a_cross_reference_parts_them_for_good(story: Story) -> None:
    user, *rest = HELPDESK
    crm, helpdesk = (story.system(label) for label in ("HubSpot", "Zendesk"))
    story.tell(crm, *CRM)
    story.tell(helpdesk, user | {"data": USER | {"external_ids": ["push-1:101"]}}, *rest)
    (customer,) = story.listed("customers")
    story.post(f"customers/{customer['id']}/unmerge", {})
    ids = holders(story)
    assert (len(set(ids.values())), ids["push-1"]) == (2, customer["id"])
    assert stages(story.lifecycle(ids["push-2"], AS_OF)) == ["acquisition(1) 2025-03-20T10:00:00Z"]
    assert presale(story, ids["push-2"]) == [True]
    assert story.candidates() == []
    story.tell_again()
