"""What a tool knows of a record, under plain names; the world's own answers say what must come out."""

import pytest

from hub.sandbox.chance import milliseconds
from hub.sandbox.told import told
from hub.sandbox.world import World, record_id

WORLD = World(600)
TOOL, HOUSE = "clickup", "hubspot"


def test_a_customer_is_told_with_their_whole_name_and_their_company() -> None:
    employed = alone = taken = 0
    for index, number in WORLD.keys(HOUSE, "contact"):
        said, seen = told(WORLD, HOUSE, "contact", index, number), WORLD.as_seen(index, HOUSE)
        firm = None if seen.company is None else WORLD.company(seen.company)
        assert said["name"] == f"{seen.given_name} {seen.family_name}"
        assert (said["phone"], said["created"], said["updated"]) == (seen.phone, *WORLD.stamps(HOUSE, "contact", index))
        assert said["email"] == (None if seen.email_taken else seen.email)
        assert said["company"] == (firm and firm.name)
        assert said.get("website") == (firm and f"https://{firm.domain}")
        employed, alone, taken = employed + bool(firm), alone + (not firm), taken + seen.email_taken
    assert min(employed, alone, taken) > 0


def test_a_deal_is_told_with_its_stage_its_money_and_whom_it_is_about() -> None:
    stages, unlinked = set(), 0
    for index, number in WORLD.keys(TOOL, "deal"):
        said, deal = told(WORLD, TOOL, "deal", index, number), WORLD.deal(index, TOOL, number)
        assert said["stage"] == (f"step {deal.step}" if deal.status == "open" else deal.status)
        assert said[f"amount {deal.currency}"] == deal.amount
        assert not {"amount BRL", "amount USD"} - {f"amount {deal.currency}"} & said.keys()
        assert said["closed_at"] == (deal.closed_at and milliseconds(deal.closed_at))
        assert said["owners"] == ([] if deal.owner is None else [deal.owner])
        assert said.get("contact") == (None if deal.person is None else record_id("contact", deal.person))
        assert said["company"] == (None if deal.company is None else WORLD.company(deal.company).name)
        stages.add(said["stage"])
        unlinked += deal.person is None
    assert stages == {"won", "lost", *(f"step {number}" for number in range(6))}
    assert unlinked > 0


def test_an_order_and_a_ticket_name_their_customer_and_the_address_that_the_tool_has() -> None:
    for kind in ("order", "ticket"):
        for index, number in WORLD.keys(TOOL, kind):
            said, seen = told(WORLD, TOOL, kind, index, number), WORLD.as_seen(index, TOOL)
            assert (said["contact"], said["email"]) == (record_id("contact", index), None if seen.email_taken else seen.email)
    index, number = next(iter(WORLD.keys(TOOL, "order")))
    order, said = WORLD.order(index, TOOL, number), told(WORLD, TOOL, "order", index, number)
    assert said["name"] == f"Order {record_id('order', index, number)}"
    assert (said["items"], said[f"amount {order.currency}"]) == (order.items, order.total)
    index, number = next(iter(WORLD.keys(TOOL, "ticket")))
    assert told(WORLD, TOOL, "ticket", index, number)["name"] == WORLD.ticket(index, TOOL, number).subject


def test_who_is_not_known_to_the_tool_is_not_told_of() -> None:
    stranger = next(index for index in range(600) if not WORLD.knows(TOOL, index))
    assert not {"contact", "email"} & told(WORLD, TOOL, "ticket", stranger).keys()


@pytest.mark.parametrize("index", [0, 3])
def test_a_firm_is_told_with_its_pages_and_what_the_world_has_no_more_of_with_its_times(index: int) -> None:
    said, firm = told(WORLD, "hubspot", "company", index), WORLD.company(index)
    assert (said["name"], said["company"], said["website"]) == (firm.name, firm.name, f"https://{firm.domain}")
    created, updated = WORLD.stamps(TOOL, "survey_response", index)
    assert told(WORLD, TOOL, "survey_response", index) == {"created": created, "updated": updated}
