"""What Pega's records tell of the lifecycle, from the answer to the fact; every expected value was written by hand."""

from connectors.pega import CONNECTOR
from hub.spec import Terms
from tests.connectors.pega.test_pega_mapping import case, listed
from tests.connectors.telling import facts, ours, tell

TERMS = Terms(
    choices={"status.deal": {"Resolved-Rejected": "lost"}, "status.order": {"Resolved-Completed": "paid"}},
    fields={"order": {"custom.OrderTotal": "total"}, "deal": {"custom.OpportunityAmount": "amount"}},
    answers={"currency": "BRL"},
)


def told(kind: str, *records: dict[str, object]) -> list[tuple[str, str, dict[str, object]]]:
    """What the versions of a case tell that is of this type."""
    return [fact for fact in tell("pega", "cases", *records, terms=TERMS) if fact[0].partition(".")[0] == kind]


def test_a_ticket_is_opened_and_solved_for_the_party_of_the_case() -> None:
    about = {"priority": None, "category": "CICLO-CRM-Work-Service"}
    said = [(kind, at) for kind, at, _ in told("ticket", case(0))]
    assert said == [("ticket.opened", "2025-01-10T12:00:00.408000Z"), ("ticket.solved", "2025-01-12T09:30:00Z")]
    assert told("ticket", case(0))[0][2] in (about, {"category": "CICLO-CRM-Work-Service"})
    opened = next(fact for fact in facts("pega", "cases", case(0), terms=TERMS) if fact.type == "ticket.opened")
    assert (opened.person_id, opened.company_id) == (ours("contact", "C-1001"), ours("company", "O-2001"))


def test_a_deal_that_was_rejected_is_lost_when_its_case_was_resolved() -> None:
    lost = case(1, pyStatusWork="Resolved-Rejected", pyResolvedTimestamp="2025-02-05T08:00:00.000Z")
    assert [(kind, at) for kind, at, _ in told("deal", case(1), lost)] == [
        ("deal.opened", "2025-02-01T08:00:00Z"),
        ("deal.lost", "2025-02-05T08:00:00Z"),
    ]


def test_an_order_is_paid_with_the_amount_that_the_admin_chose() -> None:
    ((kind, _, about),) = told("order", case(2))
    assert (kind, about["amount"], about["currency"]) == ("order.paid", "99.9", "BRL")


def test_a_pulse_post_moves_nobody() -> None:
    assert [tell("pega", "posts", each) for each in listed("posts")] == [[], []]
    assert CONNECTOR.stream("posts").gone is None
