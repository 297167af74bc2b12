"""What the sources and people say of a customer, and how each value that is believed says where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from hub.model import Company, Consent, Contact, Lead, Membership
from hub.model.values import moment
from hub.unify.claims import Claim
from hub.unify.names import name_key

TRUST: Final = ("Billing", "CRM", "Customer success", "Shop", "Helpdesk", "Marketing")
"""Which kind of system is believed first; one that is not listed comes last."""
LAST: Final = len(TRUST) + 1
EMPTY: Final = frozenset({"", "n/a", "-", "--", "null", "none", "undefined", "unknown"})
FOREVER: Final = datetime.max.replace(tzinfo=UTC)
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

Order = tuple[int, timedelta, timedelta, str, str]

_CERTAIN = 1.0
_CLEAR, _FAIR, _DRAWN = 0.9, 0.8, 0.6
_CONFIDENCE = {
    "lower_priority": _CLEAR,
    "less_restrictive": _CLEAR,
    "overruled_with_proof": _CLEAR,
    "recorded_earlier": _DRAWN,
    "tie": _DRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record of a customer: who it claims to be and what it says; `received_at` is when its present form came."""

    claim: Claim
    system: str
    category: str
    entity: Contact | Company
    state: Literal["live", "deleted", "merged"]
    received_at: datetime | None = None

    @property
    def origin(self) -> dict[str, str]:
        """Where a value of this record comes from, as every document says it."""
        return {
            "connection_id": self.claim.connection_id,
            "system": self.system,
            "type": self.claim.type,
            "id": self.claim.source_id,
        }

    @property
    def changed(self) -> datetime:
        """Since when it says what it says, as far as anybody knows."""
        return self.entity.changed_at or self.entity.created_at or LONG_AGO

    @property
    def order(self) -> Order:
        """Orders records by how far they are believed, the most believed first."""
        return _order(trust(self.category), self.changed, self.received_at, self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a person has fixed, whatever the sources say; `value` is a JSON value of the field's own form."""

    value: Any
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """What else is known of a customer, from records that are live at their sources, each with its origin as `Member` has it.

    `last_out` and `last_in` are the latest moments at which a human of ours turned to the customer and the customer to us;
    `last_in_email` is the address that the latest of the customer's used.
    """

    consents: tuple[tuple[Consent, Mapping[str, str]], ...] = ()
    leads: tuple[tuple[Lead, Mapping[str, str]], ...] = ()
    memberships: tuple[tuple[Membership, Mapping[str, str]], ...] = ()
    last_out: datetime | None = None
    last_in: datetime | None = None
    last_in_email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value that one record gives in the field `name`.

    `at` is the moment that it speaks of, of which only the day is known where `day` is set; `also` goes out with the value.
    """

    value: Any
    origin: Mapping[str, str]
    name: str
    trust: int = LAST
    changed_at: datetime | None = None
    since: datetime = LONG_AGO
    recorded_at: datetime | None = None
    at: datetime | None = None
    day: bool = False
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> Order:
        """Source priority, then the later change, the later receipt, the lower connection and the lower id."""
        return _order(self.trust, self.since, self.recorded_at, self.origin)


def statement(member: Member, name: str, value: Any, *, first: str | None = None) -> Statement:
    """What a member says in a field; `first` is the kind of system that is believed before all others."""
    return Statement(
        value=value,
        origin=member.origin,
        name=name,
        trust=trust(member.category, first),
        changed_at=member.entity.changed_at,
        since=member.changed,
        recorded_at=member.received_at,
    )


def trust(category: str, first: str | None = None) -> int:
    """The place of a kind of system among those believed, 0 before all others."""
    if category == first:
        return 0
    return TRUST.index(category) + 1 if category in TRUST else LAST


def said(value: Any) -> bool:
    """Whether a value says anything: empty text and what people write for it do not."""
    return value is not None and not (isinstance(value, str) and value.strip().casefold() in EMPTY)


def provenance(winner: Statement, rule: str, losers: Sequence[tuple[Statement, str]]) -> dict[str, Any]:
    """A value with its source, and what lost to it and why.

    The confidence is 1.0 where nobody says anything else, else that of the closest contest among the losers that do: 0.9
    where a rule of precedence decided, 0.8 where time did, and 0.6 where only the order of receipt or of connections could.
    """
    contests = [_CONFIDENCE.get(why, _FAIR) for loser, why in losers if not _same(loser.value, winner.value)]
    return {
        "value": winner.value,
        "rule": rule if losers else "only",
        "confidence": min(contests, default=_CERTAIN),
        "source": {**winner.origin, "field": winner.name},
        **_details(winner),
        "candidates": [candidate(loser, why) for loser, why in losers],
    }


def candidate(loser: Statement, why: str) -> dict[str, Any]:
    """A value that is not believed, with its source and the reason."""
    return {"value": loser.value, **loser.origin, **_details(loser), "lost_because": why}


def _details(it: Statement) -> dict[str, Any]:
    return {"changed_at": moment(it.changed_at), "recorded_at": moment(it.recorded_at), **it.also}


def _order(trusted: int, changed: datetime, received: datetime | None, origin: Mapping[str, str]) -> Order:
    return (trusted, FOREVER - changed, FOREVER - (received or LONG_AGO), origin["connection_id"], origin["id"])


def _same(one: Any, other: Any) -> bool:
    return name_key(one) == name_key(other) if isinstance(one, str) and isinstance(other, str) else bool(one == other)
