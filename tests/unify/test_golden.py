"""Which value wins, and why, whatever order the records come in."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Company, Contact, Email, Money, Phone
from hub.spec.jsontext import dumps, loads
from hub.unify import Group, golden
from hub.unify.golden import Member, said
from tests.unify.claiming import BEGIN, at, member, whole


def job(connection: str, title: str | None, changed: str | None, source_id: str = "1") -> Member:
    return member(connection, Contact(id=source_id, job_title=title, changed_at=at(changed) if changed else None))


@pytest.mark.parametrize(
    ("records", "winner", "lost"),
    [
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2025-12-31")], "CFO", "lower_priority"),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2026-01-01")], "CFO", "lower_priority"),
        ([("hubspot-1", "CFO", "2025-01-01"), ("zendesk-1", "Boss", "2026-01-01T00:00:01")], "Boss", "out_of_date"),
        ([("hubspot-1", "CFO", None), ("zendesk-1", "Boss", "2025-01-01")], "Boss", "out_of_date"),
        ([("hubspot-1", "CFO", "2025-01-01"), ("hubspot-2", "Boss", "2025-01-02")], "Boss", "older"),
        ([("hubspot-1", "CFO", "2025-01-01"), ("hubspot-2", "Boss", "2025-01-01")], "CFO", "tie"),
        ([("hubspot-1", "CFO", None), ("hubspot-2", "Boss", None)], "CFO", "tie"),
        ([("unheard-1", "CFO", "2025-01-02"), ("zendesk-1", "Boss", "2025-01-01")], "Boss", "lower_priority"),
    ],
)
def test_the_most_believed_source_wins_that_spoke_within_a_year_of_the_newest(
    records: list[tuple[str, str, str | None]], winner: str, lost: str
) -> None:
    found = whole(*(job(*record) for record in records))["fields"]["job_title"]
    assert (found["value"], found["rule"]) == (winner, "most_recent_by_priority")
    assert [each["lost_because"] for each in found["candidates"]] == [lost]


def test_billing_is_believed_before_the_crm_that_before_success_shop_and_helpdesk_and_all_before_the_unlisted() -> None:
    order = ("billing-1", "hubspot-1", "gainsight-1", "shop-1", "zendesk-1", "unheard-1")
    found = whole(*(job(connection, connection, "2025-01-01") for connection in reversed(order)))["fields"]["job_title"]
    assert [found["value"], *(each["value"] for each in found["candidates"])] == list(order)


def test_of_two_records_of_one_connection_changed_at_once_the_lower_id_wins() -> None:
    found = whole(job("hubspot-1", "Boss", "2025-01-01", "8"), job("hubspot-1", "CFO", "2025-01-01", "7"))
    assert found["fields"]["job_title"]["value"] == "CFO"


def test_a_tie_goes_to_the_lower_connection_whichever_record_is_older_or_has_the_lower_id() -> None:
    younger = member("hubspot-1", Contact(id="8", job_title="CFO", created_at=at("2025-02-01"), changed_at=at("2025-03-01")))
    older = member("hubspot-2", Contact(id="7", job_title="Boss", created_at=at("2025-01-01"), changed_at=at("2025-03-01")))
    found = whole(older, younger)["fields"]["job_title"]
    assert (found["value"], found["candidates"][0]["lost_because"]) == ("CFO", "tie")


def test_a_record_that_never_changed_counts_from_when_it_was_made() -> None:
    made = member("hubspot-1", Contact(id="1", job_title="CFO", created_at=at("2025-06-01")))
    found = whole(made, job("hubspot-2", "Boss", "2025-05-01"))["fields"]["job_title"]
    assert (found["value"], found["changed_at"]) == ("CFO", None)


def business(connection: str, changed: str, **values: Any) -> Member:
    return member(connection, Company(id="7", changed_at=at(changed), **values))


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("name", "Acme Ltda", "ACME"),
        ("legal_name", "Acme Ltda", "Acme S.A."),
        ("industry", "Retail", "Software"),
        ("employee_count", 40, 50),
    ],
)
def test_what_a_company_is_the_most_believed_source_says_however_long_ago(field: str, old: Any, new: Any) -> None:
    found = whole(business("billing-1", "2020-01-01", **{field: old}), business("zendesk-1", "2025-01-01", **{field: new}))
    won = found["fields"][field]
    assert (won["value"], won["rule"], won["candidates"][0]["lost_because"]) == (old, "priority", "lower_priority")


@pytest.mark.parametrize("field", ["website", "city", "country"])
def test_where_a_company_is_the_newer_source_says_after_a_year(field: str) -> None:
    found = whole(business("billing-1", "2020-01-01", **{field: "old"}), business("zendesk-1", "2025-01-01", **{field: "new"}))
    won = found["fields"][field]
    assert (won["value"], won["rule"], won["candidates"][0]["lost_because"]) == ("new", "most_recent_by_priority", "out_of_date")


@pytest.mark.parametrize("nothing", [None, "", "  ", "N/A", "-", "--", "null", "NULL", "None", "undefined", "unknown"])
def test_what_says_nothing_wins_nothing(nothing: str | None) -> None:
    found = whole(job("hubspot-1", nothing, "2025-06-01"), job("zendesk-1", "Boss", "2025-01-01"))["fields"]["job_title"]
    assert (found["value"], found["rule"], found["candidates"]) == ("Boss", "only", [])


@pytest.mark.parametrize("something", ["NA", "Na", "no", "0", 0, False, "-1"])
def test_namibia_the_surname_na_and_nought_say_something(something: Any) -> None:
    """NA is the code of Namibia, https://www.iso.org/obp/ui/#iso:code:3166:NA."""
    assert said(something)


def test_a_field_that_nobody_speaks_of_is_left_out() -> None:
    assert whole(job("hubspot-1", None, "2025-01-01"))["fields"] == {}


def test_money_is_written_as_text_with_its_currency() -> None:
    found = whole(business("hubspot-1", "2025-01-01", annual_revenue=Money(amount=Decimal("11050.00"), currency="BRL")))
    assert found["fields"]["annual_revenue"]["value"] == {"amount": "11050.00", "currency": "BRL"}


TEXTS = st.none() | st.sampled_from(["", "N/A", "Ana", "Ana Souza", "李小龍"])
EMAILS = st.builds(
    Email,
    address=st.sampled_from(["a@example.com", "A@Example.com", "info@example.com", "?"]),
    primary=st.booleans(),
    verified=st.none() | st.booleans(),
)
TIMES = st.none() | st.integers(0, 900).map(lambda day: BEGIN + timedelta(days=day))
CONTACTS = st.builds(
    Contact,
    id=st.sampled_from("123"),
    created_at=TIMES,
    changed_at=TIMES,
    full_name=TEXTS,
    job_title=TEXTS,
    emails=st.lists(EMAILS, max_size=2).map(tuple),
    phones=st.lists(st.builds(Phone, number=st.sampled_from(["1", "2"]), label=TEXTS), max_size=2).map(tuple),
    company_ids=st.lists(st.sampled_from("78"), max_size=2).map(tuple),
)
MEMBERS = st.lists(
    st.builds(
        member,
        st.sampled_from(["hubspot-1", "billing-1", "zendesk-1", "odd-1"]),
        CONTACTS,
        state=st.sampled_from(["live", "deleted", "merged"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.claim.record_id,
)


@settings(deadline=None, database=None, max_examples=60)
@given(members=MEMBERS, seed=st.integers(0, 2**16))
def test_the_document_is_json_and_the_same_in_whatever_order_its_records_come(members: list[Member], seed: int) -> None:
    mixed = Random(seed).sample(members, len(members))  # noqa: S311 - an order to try, not a secret
    group = Group(claims=tuple(each.claim for each in members))
    found = golden(group, members)
    assert golden(group, mixed) == found
    assert loads(dumps(found)) == found
    for won in found["fields"].values():
        assert said(won["value"])
        assert all(each["lost_because"] in {"out_of_date", "lower_priority", "older", "tie"} for each in won["candidates"])
