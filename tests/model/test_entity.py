"""What every canonical type has: references, ids for ever, and one JSON form that reads back as it was."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import EnumType, StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import (
    TYPES,
    Company,
    Contact,
    Deal,
    Email,
    Entity,
    Money,
    Order,
    OrderLine,
    Reference,
    Ticket,
    TicketStatus,
    as_json,
    digest,
    from_json,
    record_id,
)
from hub.model.values import Value

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = st.text(max_size=12)
WHOLE = st.integers(-(2**63), 2**63 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    bool: st.booleans(),
    int: WHOLE,
    Decimal: st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
    datetime: st.datetimes(timezones=st.just(UTC)),
    type(None): st.none(),
}


def valued(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a declared type."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is UnionType:
        return st.one_of(*map(valued, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(valued(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) is dict:
        return st.dictionaries(WORDS, JSON, max_size=2)
    if isinstance(kind, EnumType):
        return st.sampled_from(list(kind))
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__struct_fields__}
    return st.builds(kind, **{name: valued(hint) for name, hint in hints.items()})


each_type = pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.TYPE)


@each_type
@settings(deadline=None, database=None, max_examples=15)
@given(data=st.data())
def test_any_entity_reads_back_as_it_was_from_text_and_from_parsed_json(kind: type[Entity], data: st.DataObject) -> None:
    entity = data.draw(valued(kind))
    written = as_json(entity)
    assert from_json(kind, written) == entity
    assert from_json(kind, msgspec.json.decode(written)) == entity
    assert as_json(from_json(kind, written)) == written


def test_json_has_sorted_keys_utc_times_decimals_as_text_and_nothing_that_was_not_said() -> None:
    order = Order(
        id="1",
        total=Money(currency="EUR", amount=Decimal("10.50")),
        placed_at=NOON,
        lines=(OrderLine(product="Ticket", quantity=Decimal(2)),),
        custom={"b": 1, "a": None},
    )
    assert as_json(order) == (
        b'{"custom":{"a":null,"b":1},"id":"1","lines":[{"product":"Ticket","quantity":"2"}],'
        b'"placed_at":"2026-03-01T12:00:00Z","total":{"amount":"10.50","currency":"EUR"}}'
    )
    assert as_json(Contact(id="1")) == b'{"id":"1"}'


@pytest.mark.parametrize(
    ("kind", "data", "where"),
    [
        (Contact, {}, "missing required field `id`"),
        (Contact, {"id": 1}, "`$.id`"),
        (Contact, {"id": "1", "emails": [{"address": "a"}, {}]}, r"`\$.emails\[1\]`"),
        (Contact, {"id": "1", "nick": "x"}, "unknown field `nick`"),
        (Ticket, {"id": "1", "status": "on fire"}, r"`\$.status`"),
        (Deal, {"id": "1", "amount": {"amount": "ten"}}, r"`\$.amount.amount`"),
    ],
)
def test_what_does_not_fit_is_refused_and_the_field_is_named(kind: type[Entity], data: dict[str, Any], where: str) -> None:
    for given_as in (data, msgspec.json.encode(data)):
        with pytest.raises(msgspec.ValidationError, match=where.replace("`$.id`", r"`\$.id`")):
            from_json(kind, given_as)


def test_every_other_record_that_one_mentions_is_named_in_the_order_of_the_fields() -> None:
    ticket = Ticket(id="1", assignee_id="9", company_ids=("7",), requester_ids=("2", "3"), status=TicketStatus.OPEN)
    assert list(ticket.references()) == [
        Reference("contact", "2"),
        Reference("contact", "3"),
        Reference("company", "7"),
        Reference("owner", "9"),
    ]
    assert list(Company(id="7").references()) == []


def test_the_id_of_a_record_is_the_same_for_ever() -> None:
    """UUIDv5 (https://www.rfc-editor.org/rfc/rfc9562#section-5.5) of `urn:ciclo-hub:record`, worked out with sha1sum."""
    assert record_id("hubspot-1", "contact", "101") == "18757cc7-fb3f-5940-8d93-420597990858"


def test_records_of_other_connections_types_or_numbers_have_other_ids() -> None:
    ids = [
        record_id(*each)
        for each in (("a-1", "contact", "1"), ("a-2", "contact", "1"), ("a-1", "deal", "1"), ("a-1", "contact", "2"))
    ]
    assert len(set(ids)) == 4


def test_a_content_hash_is_blake2b_of_128_bits() -> None:
    """RFC 7693, https://www.rfc-editor.org/rfc/rfc7693; the values are those of `b2sum -l 128`."""
    assert digest(b"abc") == "cf4ab791c62b8d2b2109c90275287816"
    assert digest(b"abc", "t1") == "dea5e5274733d2353f55dfb2a1c4f2b0"


def test_salt_is_not_mistaken_for_content_nor_one_salt_for_two() -> None:
    assert len({digest(b"abc"), digest(b"ab", "c"), digest(b"a", "b", "c"), digest(b"a", "bc"), digest(b"abc", "")}) == 5


@each_type
def test_a_type_is_listed_by_its_name_and_refers_only_to_fields_and_types_that_exist(kind: type[Entity]) -> None:
    assert TYPES[kind.TYPE] is kind
    assert {name for name, _ in kind.REFERENCES} <= set(kind.__struct_fields__)
    assert {other for _, other in kind.REFERENCES} <= set(TYPES)


def test_no_two_types_have_the_same_path() -> None:
    assert sorted(kind.PLURAL for kind in TYPES.values()) == [
        "activities",
        "campaigns",
        "companies",
        "consents",
        "contacts",
        "deals",
        "invoices",
        "leads",
        "memberships",
        "orders",
        "owners",
        "payments",
        "pipelines",
        "products",
        "reach_stats",
        "referrals",
        "refunds",
        "subscriptions",
        "survey_responses",
        "tickets",
        "touchpoints",
        "usage_daily",
    ]


def enumerations(kind: Any) -> set[EnumType]:
    if isinstance(kind, EnumType):
        return {kind}
    if isinstance(kind, type) and issubclass(kind, Value):
        return {found for hint in get_type_hints(kind).values() for found in enumerations(hint)}
    return {found for part in get_args(kind) for found in enumerations(part)}


@pytest.mark.parametrize(
    "kind", sorted({e for kind in TYPES.values() for e in enumerations(kind)}, key=str), ids=lambda kind: kind.__name__
)
def test_every_enumeration_has_a_member_for_what_nobody_has_decided(kind: type[StrEnum]) -> None:
    assert kind("unknown").value == "unknown"


def test_an_address_is_one_whether_or_not_a_source_ranks_it() -> None:
    read = from_json(Contact, {"id": "1", "emails": [{"address": "ana@example.com"}]})
    assert read.emails == (Email(address="ana@example.com", primary=False, verified=None),)
