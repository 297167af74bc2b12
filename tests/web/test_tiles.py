"""The figures at the top of a customer's page, at any moment, with what each rests on."""

import re
from html import unescape

import pytest

from hub.sync import push
from hub.sync.hub import Hub
from tests.web.test_customer_page import LATER, history, money, record, tell
from tests.web.test_customers import id_of
from tests.web.visiting import Visitor, admin

ANA = {"contact_ids": ["1"]}
TWO_WEEKS = {"opened_at": "2025-01-01T12:00:00Z", "solved_at": "2025-01-15T12:00:00Z"}


def tiles(somebody: Visitor, path: str) -> dict[str, str]:
    """What each figure says, without its reasons, by its label."""
    page = somebody.get(path)
    assert page.status_code == 200
    found = {}
    shown = re.sub(r"<details.*?</details>", "", page.text, flags=re.DOTALL)
    for said in re.findall(r'<li class="tile">(.*?)</li>', shown, flags=re.DOTALL):
        label, *rest = [" ".join(unescape(each).split()) for each in re.findall(r">([^<]*[^<\s][^<]*)<", said)]
        found[label] = " | ".join(rest)
    return found


def dealings(hub: Hub) -> None:
    """After the history of Ana and Acme: three open deals, two open tickets, answers, a call, a score and a renewal."""
    history(hub)
    opened = {"status": "open", **ANA, "company_ids": ["10"]}
    tell(
        hub,
        "push-1",
        record("deal", "d3", LATER, name="Upgrade", amount=money("1500"), opened_at="2025-05-01T12:00:00Z", **opened),
        record("deal", "d4", LATER, name="More", amount=money("0.5"), opened_at="2025-05-02T12:00:00Z", **opened),
        record("deal", "d5", LATER, name="Later", opened_at="2025-05-03T12:00:00Z", **opened),
        record("ticket", "t3", LATER, status="solved", requester_ids=["1"], **TWO_WEEKS),
        record("survey_response", "s1", LATER, kind="nps", score="9", responded_at="2025-03-05T12:00:00Z", respondent_id="1"),
        record("survey_response", "s2", LATER, **csat("5", "2025-03-06T12:00:00Z")),
        record("survey_response", "s3", LATER, **csat("2", "2025-03-07T12:00:00Z")),
        record("survey_response", "s4", LATER, **csat("4", "2025-03-08T12:00:00Z")),
        record("activity", "a1", LATER, kind="call", direction="out", occurred_at="2025-06-01T12:00:00Z", **ANA),
        record("activity", "a2", LATER, kind="email", direction="in", occurred_at="2025-05-30T12:00:00Z", **ANA),
        record("activity", "a3", LATER, kind="email", direction="out", automatic=True, occurred_at="2025-06-09T12:00:00Z", **ANA),
        record("activity", "a4", LATER, kind="page_view", direction="in", occurred_at="2025-06-09T12:00:00Z", **ANA),
    )
    scores = [{"name": "churn_score", "value": "82", "maximum": "100"}]
    company = {"name": "Acme", "domains": ["acme.example"], "renewal_date": "2025-07-10", "scores": scores}
    tell(hub, "push-1", record("company", "10", "2025-06-05T00:00:00Z", **company))


def csat(score: str, at: str) -> dict[str, str]:
    return {"kind": "csat", "score": score, "scale_min": "1", "scale_max": "5", "responded_at": at, "respondent_id": "1"}


def test_the_figures_of_a_person_say_what_is_so_at_the_moment_asked_about(hub: Hub) -> None:
    dealings(hub)
    somebody = admin(hub)
    assert tiles(somebody, f"/customers/{id_of(somebody, 'souza')}?as_of=2025-06-10") == {
        "Revenue to date": "20,000.00 BRL | 2 purchases",
        "Open deals": "3 | 1,500.50 BRL · 1 without an amount",
        "Open tickets": "2 | the oldest since 20 Feb 2023",
        "NPS": "9 of 10 | promoter, 5 Mar 2025",
        "CSAT": "67 % | 2 of 3 answers satisfied",
        "Days since last contact": "8 | 1 Jun 2025, we turned to them",
        "Renewal": "No system tells when",
    }


def test_the_figures_of_a_company_have_its_renewal_and_its_scores_and_what_its_people_say(hub: Hub) -> None:
    dealings(hub)
    somebody = admin(hub)
    found = tiles(somebody, f"/customers/{id_of(somebody, 'acme&type=company')}?as_of=2025-06-10")
    assert found["Renewal"] == "In 30 days | 10 Jul 2025, as its record says"
    assert found["Churn score"] == "82 of 100 | Push API, unknown which way is good"
    assert (found["Open deals"][0], found["NPS"]) == ("3", "9 of 10 | promoter, 5 Mar 2025")


def test_a_score_of_a_person_is_not_the_score_of_the_company(hub: Hub) -> None:
    dealings(hub)
    scored = {"full_name": "Ana Souza", "company_ids": ["10"], "scores": [{"name": "lead_score", "value": "7"}]}
    tell(hub, "push-1", record("contact", "1", "2025-06-06T00:00:00Z", **scored))
    somebody = admin(hub)
    ana, acme = (f"/customers/{id_of(somebody, name)}?as_of=2025-06-10" for name in ("souza", "acme&type=company"))
    assert tiles(somebody, ana)["Lead score"] == "7 | Push API, unknown which way is good"
    assert "Lead score" not in tiles(somebody, acme)


@pytest.mark.parametrize(
    ("query", "label", "said"),
    [
        ("as_of=2023-03-15", "Open deals", "1 | 12,000.00 BRL"),
        ("as_of=2023-03-15", "Revenue to date", "No purchase yet"),
        ("as_of=2023-04-02", "Revenue to date", "12,000.00 BRL | 1 purchase"),
        ("as_of=2023-04-02", "Open deals", "No deal is open"),
        ("as_of=2025-05-31", "Days since last contact", "0 | 30 May 2025, they turned to us"),
        ("as_of=2025-03-07", "CSAT", "100 % | 1 of 1 answer satisfied"),
        ("as_of=2025-01-15", "Open tickets", "3 | the oldest since 20 Feb 2023"),
        ("as_of=2023-02-01", "Open tickets", "No ticket in the connected systems"),
        ("as_of=2025-06-10&known_at=2025-12-31", "NPS", "Never answered whether they would recommend us"),
    ],
)
def test_a_figure_tells_any_moment_as_it_was_known(hub: Hub, query: str, label: str, said: str) -> None:
    dealings(hub)
    somebody = admin(hub)
    assert tiles(somebody, f"/customers/{id_of(somebody, 'souza')}?{query}")[label] == said


def test_who_has_nothing_is_told_so_in_words(hub: Hub) -> None:
    push.create(hub, "CRM")
    tell(hub, "push-1", record("contact", "2", LATER, full_name="Bo Lima"))
    somebody = admin(hub)
    assert tiles(somebody, f"/customers/{id_of(somebody, 'lima')}") == {
        "Revenue to date": "No purchase yet",
        "Open deals": "No deal is open",
        "Open tickets": "No ticket in the connected systems",
        "NPS": "Never answered whether they would recommend us",
        "CSAT": "Never answered how satisfied they are",
        "Days since last contact": "No message, call or meeting is known",
        "Renewal": "No system tells when",
    }


def test_a_figure_shows_the_newest_facts_that_it_rests_on_and_how_many_more_there_are(hub: Hub) -> None:
    dealings(hub)
    more = [
        record(
            "deal", f"e{n}", LATER, status="open", opened_at=f"2025-05-{10 + n}T12:00:00Z", url=f"https://crm.example/e{n}", **ANA
        )
        for n in range(4)
    ]
    tell(hub, "push-1", *more)
    somebody = admin(hub)
    page = somebody.get(f"/customers/{id_of(somebody, 'souza')}?as_of=2025-06-10").text
    (deals,) = re.findall(r"Open deals</h3>.*?</details>", page, flags=re.DOTALL)
    assert re.findall(r">(e\d|d\d)<", deals) == ["e3", "e2", "e1", "e0", "d5"]
    assert "And 2 more." in deals
    assert 'href="https://crm.example/e3"' in deals


def test_the_next_end_of_a_subscription_is_its_renewal_where_no_record_says_another(hub: Hub) -> None:
    push.create(hub, "CRM")
    running = {"status": "active", "started_at": "2025-01-01T00:00:00Z", "contact_ids": ["2"]}
    tell(
        hub,
        "push-1",
        record("contact", "2", LATER, full_name="Bo Lima"),
        record("subscription", "u1", LATER, current_period_end="2025-07-01T12:00:00Z", **running),
        record("subscription", "u2", LATER, current_period_end="2025-06-12T12:00:00Z", **running),
        record(
            "subscription", "u3", LATER, current_period_end="2025-06-11T12:00:00Z", cancel_at="2025-06-11T12:00:00Z", **running
        ),
        record("subscription", "u4", LATER, current_period_end="2025-06-09T12:00:00Z", **running),
    )
    somebody = admin(hub)
    path = f"/customers/{id_of(somebody, 'lima')}"
    assert tiles(somebody, f"{path}?as_of=2025-06-10")["Renewal"] == "In 2 days | 12 Jun 2025, the end of a term"
    assert tiles(somebody, f"{path}?as_of=2025-06-12")["Renewal"] == "Today | 12 Jun 2025, the end of a term"
