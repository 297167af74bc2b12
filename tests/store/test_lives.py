"""The facts of a customer and its company, read in one go: all of them, and each once."""

from typing import Any

import pytest

from hub.store import browse, customers, lives
from hub.sync import lifecycles, push
from hub.sync.hub import Hub
from hub.sync.lifecycles import When
from tests import support
from tests.web.test_customer_page import record, tell

NOW = "2025-01-01T00:00:00Z"


def paid(number: str, at: str, **whose: Any) -> dict[str, Any]:
    return record("order", number, NOW, status="paid", paid_at=at, **whose)


@pytest.fixture
def people(hub: Hub) -> Hub:
    """Two people of Acme and somebody of nobody's; orders that name a person, the company, both, or another company."""
    push.create(hub, "Till")
    tell(
        hub,
        "push-1",
        record("company", "10", NOW, name="Acme", domains=["acme.example"]),
        record("company", "20", NOW, name="Other"),
        record("contact", "1", NOW, full_name="Ana", company_ids=["10"]),
        record("contact", "2", NOW, full_name="Bo", emails=[{"address": "bo@acme.example"}]),
        record("contact", "3", NOW, full_name="Cy"),
        paid("of ana", "2024-01-01T00:00:00Z", contact_ids=["1"]),
        paid("of bo", "2024-02-01T00:00:00Z", contact_ids=["2"]),
        paid("of cy", "2024-03-01T00:00:00Z", contact_ids=["3"]),
        paid("of acme", "2024-04-01T00:00:00Z", company_ids=["10"]),
        paid("of both", "2024-05-01T00:00:00Z", contact_ids=["1"], company_ids=["10"]),
        paid("of ana elsewhere", "2024-06-01T00:00:00Z", contact_ids=["1"], company_ids=["20"]),
        paid("of cy for acme", "2024-07-01T00:00:00Z", contact_ids=["3"], company_ids=["10"]),
    )
    return hub


def months(facts: Any) -> list[int]:
    return sorted(each.occurred_at.month for each in facts)


def id_of(hub: Hub, name: str) -> str:
    with hub.database.reading() as tx:
        names = browse.names(tx, [life.id for life in lives.some(tx, after="", limit=9)])
    return next(found for found, called in names.items() if called == name)


@pytest.mark.parametrize(
    ("name", "mine", "stages"),
    [
        ("Ana", [1, 5, 6], [1, 2, 4, 5, 7]),
        ("Bo", [2], [1, 2, 4, 5, 7]),
        ("Cy", [3, 7], [3, 7]),
        ("Acme", [1, 2, 4, 5, 7], [1, 2, 4, 5, 7]),
        ("Other", [6], [6]),
    ],
)
def test_a_customer_stands_where_its_own_facts_or_those_of_its_company_put_it(
    people: Hub, name: str, mine: list[int], stages: list[int]
) -> None:
    with people.database.reading() as tx:
        found = lifecycles.ask(tx, id_of(people, name), When(as_of=support.at(NOW)))
    assert months(found.mine) == mine
    assert sorted(each.at.month for each in found.lifecycle.purchases) == stages


def test_every_fact_until_a_moment_is_read_once(people: Hub) -> None:
    with people.database.reading() as tx:
        ana, acme = (customers.records_of(tx, id_of(people, name)) for name in ("Ana", "Acme"))
        told = lives.around(tx, [*ana, *acme], acme, until=support.at("2024-06-01T00:00:00Z"))
    assert months(told) == [1, 2, 4, 5, 6]


def test_what_is_told_of_many_customers_at_once_is_what_is_told_of_each(people: Hub) -> None:
    with people.database.reading() as tx:
        home = {name: id_of(people, name) for name in ("Ana", "Acme", "Cy")}
        many = lives.told(tx, home.values())
    assert {name: months(many[found]) for name, found in home.items()} == {
        "Ana": [1, 5, 6],
        "Acme": [1, 2, 4, 5, 7],
        "Cy": [3, 7],
    }
