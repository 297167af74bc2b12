"""Whatever is said of a customer, in whatever order: the document is JSON and always the same."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Consent, ConsentState, Contact, Email, Entity, ExternalScore, Lead, Membership, Phone
from hub.spec.jsontext import dumps, loads
from hub.unify.golden import FIELDS, Dealings, Lock, Member, golden, said
from hub.unify.groups import Group
from tests.unify.golden_records import at, member, origin

E_ = TypeVar("E_", bound=Entity)
TEXTS = st.none() | st.sampled_from(["", "N/A", "Ana", "Ana Souza", "\u674e\u5c0f\u9f8d"])
TIMES = st.none() | st.sampled_from((0, 1, 200, 365, 366, 900)).map(lambda day: at("2024-01-01") + timedelta(days=day))
EMAILS = st.builds(
    Email,
    address=st.sampled_from(["a@example.com", "A@Example.com", "info@example.com", "?", "-"]),
    label=TEXTS,
    primary=st.booleans(),
    verified=st.none() | st.booleans(),
)
PHONES = st.builds(
    Phone, number=st.sampled_from(["1", "11 91234-5678", "+5511912345678", "n/a"]), label=TEXTS, primary=st.booleans()
)
CONTACTS = st.builds(
    Contact,
    id=st.sampled_from("123"),
    created_at=TIMES,
    changed_at=TIMES,
    signed_up_at=TIMES,
    days=st.sampled_from([(), ("created_at",)]),
    full_name=TEXTS,
    job_title=TEXTS,
    tax_id=TEXTS,
    source=TEXTS,
    country=st.sampled_from([None, "US", "Brasil"]),
    owner_id=st.none() | st.sampled_from("45"),
    emails=st.lists(EMAILS, max_size=3).map(tuple),
    phones=st.lists(PHONES, max_size=2).map(tuple),
    company_ids=st.lists(st.sampled_from("78"), max_size=2).map(tuple),
    interests=st.lists(st.sampled_from(["tea", "TEA", "-"]), max_size=2).map(tuple),
    scores=st.lists(
        st.builds(ExternalScore, name=st.just("lead"), value=st.sampled_from([Decimal(1), Decimal(2)])), max_size=2
    ).map(tuple),
    custom=st.dictionaries(st.just("colour"), st.sampled_from([1, True, "red", None, ["x"]])),
)
MEMBERS = st.lists(
    st.builds(
        member,
        st.sampled_from(["hubspot-1", "hubspot-2", "billing-1", "zendesk-1", "odd-1"]),
        CONTACTS,
        state=st.sampled_from(["live", "deleted", "merged"]),
        received=st.sampled_from([None, "2025-01-01", "2025-02-01"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.claim.record_id,
)
CONSENTS = st.builds(
    Consent,
    id=st.sampled_from("12345"),
    channel=st.sampled_from([None, "email"]),
    state=st.sampled_from([None, *ConsentState]),
    at=TIMES,
    proof=TEXTS,
)
LEADS = st.builds(Lead, id=st.sampled_from("12345"), source=TEXTS, captured_at=TIMES, created_at=TIMES)
SPELLS = st.builds(
    Membership, id=st.sampled_from("12345"), company_id=st.sampled_from([None, "7"]), title=TEXTS, starts_at=TIMES, ends_at=TIMES
)


@st.composite
def dealings(draw: st.DrawFn) -> Dealings:
    def some(kind: st.SearchStrategy[E_], name: str) -> tuple[tuple[E_, dict[str, str]], ...]:
        found = draw(st.lists(kind, max_size=4, unique_by=lambda each: each.id))
        return tuple((each, origin(f"hubspot-1/{each.id}", name)) for each in found)

    return Dealings(
        consents=some(CONSENTS, "consent"),
        leads=some(LEADS, "lead"),
        memberships=some(SPELLS, "membership"),
        last_out=draw(TIMES),
        last_in=draw(TIMES),
        last_in_email=draw(st.none() | st.sampled_from(["a@example.com", "?"])),
    )


@settings(deadline=None, database=None, max_examples=150)
@given(
    members=MEMBERS,
    around=dealings(),
    locked=st.sets(st.sampled_from(["full_name", "job_title"])),
    seed=st.integers(0, 2**16),
)
def test_the_document_is_json_and_the_same_in_whatever_order_its_records_come(
    members: list[Member], around: Dealings, locked: set[str], seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - an order to try, not a secret
    mixed = chance.sample(members, len(members))
    other = Dealings(
        consents=tuple(chance.sample(around.consents, len(around.consents))),
        leads=tuple(chance.sample(around.leads, len(around.leads))),
        memberships=tuple(chance.sample(around.memberships, len(around.memberships))),
        last_out=around.last_out,
        last_in=around.last_in,
        last_in_email=around.last_in_email,
    )
    locks = {name: Lock(value="fixed", by="user:1", at=at("2025-01-01")) for name in locked}
    group = Group(claims=tuple(each.claim for each in members))
    found = golden(group, members, region="BR", locks=locks, dealings=around)
    assert dumps(golden(group, mixed, region="BR", locks=locks, dealings=other)) == dumps(found)
    assert loads(dumps(found)) == found
    assert set(found["fields"]) <= {*FIELDS["person"], "original_source", "latest_source"}
    assert all(said(won["value"]) for won in found["fields"].values())
    assert all(found["fields"][name]["rule"] == "manual" for name in locked)
    assert [each["primary"] for each in found["emails"]] == [place == 0 for place in range(len(found["emails"]))]
