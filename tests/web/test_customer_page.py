"""The page of one customer: where it stands and why, at any moment; what happened; what operators put right."""

import re
from typing import Any

import pytest

from hub.store import access
from hub.sync import organisation, push
from hub.sync.hub import Hub
from hub.web import create_app
from tests.web.test_customers import derived, id_of
from tests.web.visiting import Visitor, admin, signed_in, words

LATER = "2026-01-01T00:00:00Z"


def record(kind: str, number: str, since: str, /, **data: Any) -> dict[str, Any]:
    """A record as its system had it since a moment, at which the hub could have known it."""
    return {"type": kind, "id": number, "changed_at": since, "observed_at": since, "data": data}


def tell(hub: Hub, connection: str, *records: dict[str, Any]) -> None:
    outcomes = push.accept(hub, connection, records).outcomes
    assert [each.error for each in outcomes] == [None] * len(records)
    derived(hub)


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "BRL"}


def history(hub: Hub) -> None:
    """Ana of Acme: a lead, a purchase, a leaving, a second purchase a year later, and gone again."""
    push.create(hub, "CRM")
    tell(
        hub,
        "push-1",
        record("owner", "o1", "2023-01-01T00:00:00Z", name="Marta Lima"),
        record("company", "10", "2023-01-05T00:00:00Z", name="Acme", domains=["acme.example"], url="https://crm.example/10"),
        record(
            *("contact", "1", "2024-02-01T00:00:00Z"),
            full_name="Ana Souza",
            emails=[{"address": "ana@acme.example"}],
            company_ids=["10"],
            asserted_stage="customer",
            owner_id="o1",
            url="https://crm.example/1",
        ),
        record("lead", "l1", "2023-02-03T12:00:00Z", contact_id="1", captured_at="2023-02-03T12:00:00Z", source="form"),
        deal("d1", "2023-04-01T12:00:00Z", opened="2023-03-01T12:00:00Z", amount="12000"),
        deal("d2", "2024-11-01T12:00:00Z", opened="2024-09-01T12:00:00Z", amount="8000"),
        record(
            *("ticket", "t1", "2023-02-20T12:00:00Z"), subject="How much?", opened_at="2023-02-20T12:00:00Z", requester_ids=["1"]
        ),
        record(
            *("ticket", "t2", "2023-05-20T12:00:00Z"), subject="Broken", opened_at="2023-05-20T12:00:00Z", requester_ids=["1"]
        ),
    )


@pytest.fixture(scope="module")
def somebody(shared_hub: Hub) -> Visitor:
    """An admin who looks at this history without changing it, or is refused."""
    history(shared_hub)
    return admin(shared_hub)


def deal(number: str, won: str, *, opened: str, amount: str) -> dict[str, Any]:
    ends = {"contact_ids": ["1"], "company_ids": ["10"], "url": f"https://crm.example/{number}"}
    return record("deal", number, won, name=number, status="won", amount=money(amount), opened_at=opened, won_at=won, **ends)


def rows(page: str) -> list[str]:
    """The rows of the stages as they are read, without the reasons."""
    (table,) = re.findall(r"<caption class=\"unseen\">The stages.*?</table>", page, flags=re.DOTALL)
    shown = re.sub(r"<details.*?</details>", "", table, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", shown, flags=re.DOTALL)[1:]]


def test_the_stages_are_shown_with_their_days_by_cycle(somebody: Visitor) -> None:
    page = somebody.get(f"/customers/{id_of(somebody, 'acme&type=company')}").text
    assert rows(page)[:-1] == [
        "Cycle 1",
        "Acquisition 3 Feb 2023 1 Apr 2023 57 days",
        "Conversion 1 Apr 2023 1 May 2023 30 days",
        "Retention 1 May 2023 28 Sep 2023 150 days",
        "Churned 28 Sep 2023 1 Sep 2024 339 days",
        "Cycle 2",
        "Acquisition (win-back) 1 Sep 2024 1 Nov 2024 61 days",
        "Conversion 1 Nov 2024 1 Dec 2024 30 days",
        "Retention 1 Dec 2024 30 Apr 2025 150 days",
    ]
    assert rows(page)[-1].startswith("Churned 30 Apr 2025 still there ")


def test_each_stage_says_why_with_the_record_that_tells_it(somebody: Visitor) -> None:
    page = somebody.get(f"/customers/{id_of(somebody, 'acme&type=company')}")
    said = words(page)
    assert "The first sign of interest while no customer. Became known as a lead (form) on 3 Feb 2023. Push API, lead l1" in said
    assert (
        "No purchase within 180 days after the last one. A deal was won (8,000.00 BRL) on 1 Nov 2024. Push API, deal d2" in said
    )
    assert 'href="https://crm.example/d2"' in page.text


def test_the_head_says_where_somebody_stands_and_what_a_system_says_instead(somebody: Visitor) -> None:
    said = somebody.text(f"/customers/{id_of(somebody, 'souza')}")
    assert "Person at Acme · known since" not in said
    assert "Person at Acme · owner Marta Lima Churned Cycle 2 In Push API , contact 1" in said
    assert "Push API says customer · derived churned since 30 Apr 2025 Why?" in said
    assert "Acquisition since 3 Feb 2023" in said
    assert "Activation not yet" in said
    assert "Revenue first 1 Apr 2023, no longer" in said


def test_a_person_of_a_company_stands_where_the_company_does_and_says_so(somebody: Visitor) -> None:
    page = somebody.get(f"/customers/{id_of(somebody, 'souza')}")
    assert "These are the stages of Acme : whoever belongs to a company stands where the company does." in words(page)
    company = id_of(somebody, "acme&type=company")
    assert f'These are the stages of <a href="/customers/{company}">' in page.text
    assert "These are the stages" not in somebody.text(f"/customers/{company}")


@pytest.mark.parametrize(
    ("query", "last"),
    [
        ("as_of=2023-04-02", "Conversion 1 Apr 2023 still there less than a day"),
        ("as_of=2024-10-01", "Acquisition (win-back) 1 Sep 2024 still there 29 days"),
        ("as_of=2024-10-01&known_at=2023-12-31", "Churned 28 Sep 2023 still there 368 days"),
        ("known_at=2023-03-15&as_of=2023-06-01", "Acquisition 3 Feb 2023 still there 117 days"),
    ],
)
def test_the_page_tells_any_moment_as_it_was_known_at_any_other(somebody: Visitor, query: str, last: str) -> None:
    page = somebody.get(f"/customers/{id_of(somebody, 'acme&type=company')}?{query}")
    assert page.status_code == 200
    assert rows(page.text)[-1] == last


def test_before_anything_was_known_there_is_no_stage(somebody: Visitor) -> None:
    said = somebody.text(f"/customers/{id_of(somebody, 'acme&type=company')}?as_of=2022-01-01")
    assert "Company · " not in said
    assert "No stage yet" in said
    assert "Nothing that is known at that moment puts Acme into a stage" in said


@pytest.mark.parametrize("name", ["as_of", "known_at"])
@pytest.mark.parametrize(
    "date",
    ["2024-02-30", "yesterday", "0001-01-01", "9999-12-31", "\u0662\u0660\u0662\u0664-01-01", "2024-01-01T00:00:00Z", "9" * 500],
)
def test_a_bad_date_is_a_message_on_the_page(somebody: Visitor, name: str, date: str) -> None:
    answer = somebody.get(f"/customers/{id_of(somebody, 'souza')}?{name}={date}")
    assert answer.status_code == 422
    assert "A date is written as" in words(answer) or "Choose a day between 1900 and 2200." in words(answer)
    assert "Ana Souza" in words(answer)


def test_a_date_is_its_first_moment_in_the_zone_of_the_organisation(hub: Hub) -> None:
    history(hub)
    organisation.change(hub, {"organisation": {"time_zone": "Pacific/Auckland"}}, by="user:1")
    derived(hub)
    somebody = admin(hub)
    company = id_of(somebody, "acme&type=company")
    assert rows(somebody.get(f"/customers/{company}?as_of=2023-04-02").text)[-1].startswith("Acquisition 4 Feb 2023 still there")
    assert rows(somebody.get(f"/customers/{company}?as_of=2023-04-03").text)[-1].startswith("Conversion 2 Apr 2023 still there")


def test_a_prospect_whose_deals_are_all_lost_is_called_so(hub: Hub) -> None:
    push.create(hub, "CRM")
    lost = {"status": "lost", "opened_at": "2024-01-01T12:00:00Z", "lost_at": "2024-02-01T12:00:00Z", "contact_ids": ["2"]}
    tell(hub, "push-1", record("contact", "2", "2024-01-01T00:00:00Z", full_name="Bo Lima"), record("deal", "d9", LATER, **lost))
    somebody = admin(hub)
    assert "Acquisition Cycle 1 Lost prospect" in somebody.text(f"/customers/{id_of(somebody, 'lima')}")


def test_purchases_and_support_say_what_they_come_to_and_what_was_asked_before(somebody: Visitor) -> None:
    page = somebody.get(f"/customers/{id_of(somebody, 'souza')}")
    said = words(page)
    assert "Purchases purchases 2 revenue 20,000.00 BRL" in said
    assert "How much? push-1 · t1 before a purchase" in said
    assert "Broken push-1 · t2 -" in said


def test_empty_sections_say_so_in_a_line(hub: Hub) -> None:
    push.create(hub, "CRM")
    form = {"kind": "form_submission", "direction": "in", "occurred_at": "2024-02-03T12:00:00Z", "contact_ids": ["1"]}
    tell(hub, "push-1", record("contact", "1", LATER, full_name="Ana Souza"), record("activity", "a1", LATER, **form))
    tell(hub, "push-1", record("contact", "2", LATER, full_name="Bo Lima"))
    somebody = admin(hub)
    ana, bo = (somebody.text(f"/customers/{id_of(somebody, name)}") for name in ("souza", "lima"))
    assert "No support history in the connected systems." in ana
    assert "No purchase yet. Stage comes from: turned to us (form submission) on 3 Feb 2024." in ana
    assert "No system says what Ana Souza allows." in ana
    assert "Purchases No purchase yet. Support" in bo
    assert "No activity, deal, ticket, order or survey answer mentions Bo Lima." in bo


def messages(hub: Hub, count: int) -> None:
    """As many messages to Ana in one system, two at each moment, and one ticket of another."""
    push.create(hub, "CRM")
    push.create(hub, "Desk")
    ana = {"full_name": "Ana Souza", "emails": [{"address": "ana@a.example"}]}
    tell(hub, "push-1", record("contact", "1", LATER, **ana))
    tell(hub, "push-2", record("contact", "7", LATER, **ana))
    sent = [{"kind": "email", "direction": "out", "subject": f"Message {each}", "contact_ids": ["1"]} for each in range(count)]
    times = [f"2024-03-{1 + each // 10:02}T{each // 2 % 24:02}:30:00Z" for each in range(count)]
    tell(
        hub,
        "push-1",
        *(
            record("activity", f"a{n}", LATER, occurred_at=at, **data)
            for n, (data, at) in enumerate(zip(sent, times, strict=True))
        ),
    )
    tell(hub, "push-2", record("ticket", "t1", LATER, subject="Broken", opened_at="2024-03-02T12:00:00Z", requester_ids=["7"]))


def read(somebody: Visitor, path: str) -> tuple[list[str], int]:
    """Every title of a timeline, page after page, and how many pages there were."""
    found, pages = [], 0
    while path:
        page = somebody.get(path).text
        found += re.findall(r"(Message \d+|Broken)<?", re.sub(r"<title>.*?</title>", "", page))
        pages += 1
        path = next(iter(re.findall(r'data-more rel="next" href="([^"]+)"', page)), "").replace("&amp;", "&")
    return found, pages


def test_everything_that_happened_is_on_exactly_one_page_of_the_timeline(hub: Hub) -> None:
    messages(hub, 120)
    somebody = admin(hub)
    found, pages = read(somebody, f"/customers/{id_of(somebody, 'souza')}/timeline")
    assert (len(found), len(set(found)), pages) == (121, 121, 3)
    assert set(found[:2]) == {"Message 118", "Message 119"}


@pytest.mark.parametrize(
    ("query", "count"), [("kind=ticket", 1), ("kind=activity", 60), ("kind=nonsense", 61), ("system=push", 61), ("system=x", 61)]
)
def test_the_timeline_can_be_narrowed_by_kind_and_system(hub: Hub, query: str, count: int) -> None:
    messages(hub, 60)
    somebody = admin(hub)
    assert len(read(somebody, f"/customers/{id_of(somebody, 'souza')}/timeline?{query}")[0]) == count


def test_the_timeline_is_divided_by_days_of_the_organisation(hub: Hub) -> None:
    messages(hub, 4)
    organisation.change(hub, {"organisation": {"time_zone": "America/Sao_Paulo"}}, by="user:1")
    derived(hub)
    somebody = admin(hub)
    page = somebody.get(f"/customers/{id_of(somebody, 'souza')}").text
    assert re.findall(r'data-day="([^"]+)"', page) == ["2 Mar 2024", "29 Feb 2024"]
    assert re.findall(r'<time class="small muted"[^>]*>([^<]+)<', page) == ["09:00", "22:30", "22:30", "21:30", "21:30"]


@pytest.mark.parametrize("cursor", ["x", "WzEsMl0", "WyJhIiwiYiJd", "WyIyMDI0LTAxLTAxVDAwOjAwOjAwIiwieCJd", "%ff", "9" * 3000])
def test_a_cursor_of_nobodys_is_a_bad_request(somebody: Visitor, cursor: str) -> None:
    ana = id_of(somebody, "souza")
    assert somebody.get(f"/customers/{ana}/timeline?before={cursor}").status_code == 400
    assert somebody.get(f"/customers/{ana}?before={cursor}").status_code == 400
    assert somebody.get("/customers/nobody/timeline").status_code == 404


def test_a_field_can_be_fixed_and_the_lock_removed(hub: Hub) -> None:
    history(hub)
    push.create(hub, "Desk")
    again = {"full_name": "Ana Souza", "emails": [{"address": "ana@acme.example"}], "created_at": "2025-01-01T00:00:00Z"}
    tell(hub, "push-2", record("contact", "7", LATER, **again))
    somebody = signed_in(create_app(hub), hub, access.OPERATOR)
    path = f"/customers/{id_of(somebody, 'souza')}"
    assert somebody.post(f"{path}/lock", field="job_title", value="Treasurer").status_code == 303
    derived(hub)
    assert "Job title Treasurer fixed Fixed by Operator" in somebody.text(path)
    assert somebody.post(f"{path}/unlock", field="job_title").status_code == 303
    derived(hub)
    assert "Treasurer" not in somebody.text(path)
    log = signed_in(create_app(hub), hub, access.ADMIN).text("/settings/audit")
    assert "Fixed a field Operator" in log
    assert "Removed a lock Operator" in log
    assert "Treasurer" not in log


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("employee_count", "120", "Employees 120 fixed"),
        ("annual_revenue", "120000.5 BRL", "Annual revenue 120,000.50 BRL fixed"),
        ("renewal_date", "2027-01-31", "Renewal date 2027-01-31 fixed"),
        ("name", "Acme Ltd", "Name Acme Ltd fixed"),
    ],
)
def test_a_fixed_value_has_the_form_of_its_field(hub: Hub, field: str, value: str, shown: str) -> None:
    history(hub)
    somebody = admin(hub)
    path = f"/customers/{id_of(somebody, 'acme&type=company')}"
    assert somebody.post(f"{path}/lock", field=field, value=value).status_code == 303
    derived(hub)
    assert shown in somebody.text(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employee_count", "many"),
        ("employee_count", "9" * 500),
        ("annual_revenue", "12"),
        ("annual_revenue", "1e5 BRL"),
        ("renewal_date", "soon"),
        ("owner", "push-1/o9"),
        ("job_title", "CFO"),
        ("nonsense", "x"),
        ("name", ""),
        ("name", "n/a"),
        ("name", "x" * 201),
    ],
)
def test_what_does_not_fit_is_not_fixed(shared_hub: Hub, somebody: Visitor, field: str, value: str) -> None:
    path = f"/customers/{id_of(somebody, 'acme&type=company')}"
    assert somebody.post(f"{path}/lock", field=field, value=value).status_code == 400
    derived(shared_hub)
    assert "fixed" not in somebody.text(path)


def test_only_operators_put_things_right_and_only_with_a_form_of_ours(hub: Hub) -> None:
    history(hub)
    viewer = signed_in(create_app(hub), hub, access.VIEWER)
    path = f"/customers/{id_of(viewer, 'souza')}"
    page = viewer.get(path).text
    assert "/lock" not in page
    assert "Fix a field" not in page
    for action in ("lock", "unlock", "unmerge", "apart/x", "together/1"):
        assert viewer.post(f"{path}/{action}", field="job_title", value="x").status_code == 403
    operator = signed_in(create_app(hub), hub, access.OPERATOR)
    assert operator.client.post(f"{path}/lock", data={"field": "job_title", "value": "x"}).status_code == 400
    assert operator.post("/customers/nobody/lock", field="job_title", value="x").status_code == 404
