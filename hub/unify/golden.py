"""The golden record: for every field the value that wins, where it comes from, and what lost to it and why.

Addresses and numbers are united, never won. What a source deleted counts only where nothing live is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from hub.model import Company, Contact
from hub.unify.groups import Claim, Group
from hub.unify.keys import email_domain, email_key

TRUST = ("Billing", "CRM", "Customer success", "Shop", "Helpdesk", "Marketing")
"""Which kind of system is believed first; one that is not listed comes last."""
RECENT = timedelta(days=365)
"""A trusted source that changed a value this long before the newest one is out of date."""
EMPTY = frozenset({"", "n/a", "-", "--", "null", "none", "undefined", "unknown"})

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_CONTACT_FIELDS = (
    "full_name",
    "given_name",
    "family_name",
    "job_title",
    "department",
    "company_name",
    "language",
    "time_zone",
    "city",
    "country",
)
_COMPANY_FIELDS = ("name", "legal_name", "website", "industry", "employee_count", "annual_revenue", "city", "country")
_STEADY = frozenset({"name", "legal_name", "industry", "employee_count", "annual_revenue"})
"""What the most trusted system says of a company holds, however long ago it said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record of a customer: who it claims to be and what it says."""

    claim: Claim
    system: str
    category: str
    entity: Contact | Company
    state: Literal["live", "deleted", "merged"]

    @property
    def origin(self) -> dict[str, str]:
        """Where a value of this record comes from, as every document says it."""
        return {
            "connection_id": self.claim.connection_id,
            "system": self.system,
            "type": self.claim.type,
            "id": self.claim.source_id,
        }


def golden(group: Group, members: Sequence[Member]) -> dict[str, Any]:
    """The document of one customer: a value of JSON types, the same for the same records in whatever order."""
    ordered = sorted(members, key=lambda member: member.claim.age)
    speaking = [member for member in ordered if member.state == "live"] or ordered
    person = ordered[0].claim.type == Contact.TYPE
    fields = {name: won for name in (_CONTACT_FIELDS if person else _COMPANY_FIELDS) if (won := _winner(name, speaking))}
    return {
        "type": "person" if person else "company",
        "name": _name(fields, speaking),
        "live": speaking[0].state == "live",
        "fields": fields,
        "emails": _emails(speaking, group.shared),
        "phones": _phones(speaking),
        "records": [_record(member, group) for member in ordered],
        "since": _moment(ordered[0].claim.created_at),
        **(_employers(speaking) if person else _domains(speaking)),
    }


def said(value: Any) -> bool:
    """Whether a value says anything: empty text and what people write for it do not."""
    return value is not None and not (isinstance(value, str) and value.strip().casefold() in EMPTY)


def _winner(name: str, members: Sequence[Member]) -> dict[str, Any] | None:
    candidates = [member for member in members if said(getattr(member.entity, name))]
    if not candidates:
        return None
    newest = max(_changed(member) for member in candidates)
    ranked = sorted(candidates, key=lambda member: _rank(name, member, newest))
    winner, *losers = ranked
    value = _plain(getattr(winner.entity, name))
    return {
        "value": value,
        "rule": "only" if not losers else "priority" if name in _STEADY else "most_recent_by_priority",
        "source": winner.origin | {"field": name},
        "changed_at": _moment(winner.entity.changed_at),
        "candidates": [
            {"value": _plain(getattr(loser.entity, name)), **loser.origin, "changed_at": _moment(loser.entity.changed_at)}
            | {"lost_because": _why(name, winner, loser, newest)}
            for loser in losers
        ],
    }


def _changed(member: Member) -> datetime:
    return member.entity.changed_at or member.entity.created_at or _LONG_AGO


def _trust(member: Member) -> int:
    return TRUST.index(member.category) if member.category in TRUST else len(TRUST)


def _stale(name: str, member: Member, newest: datetime) -> bool:
    return name not in _STEADY and newest - _changed(member) > RECENT


def _rank(name: str, member: Member, newest: datetime) -> tuple[bool, int, float, str, str]:
    seconds = (newest - _changed(member)).total_seconds()
    return (_stale(name, member, newest), _trust(member), seconds, member.claim.connection_id, member.claim.source_id)


def _why(name: str, winner: Member, loser: Member, newest: datetime) -> str:
    if _stale(name, loser, newest):
        return "out_of_date"
    if _trust(loser) > _trust(winner):
        return "lower_priority"
    return "older" if _changed(loser) < _changed(winner) else "tie"


def _name(fields: dict[str, Any], members: Sequence[Member]) -> str:
    """What to call a customer: its name, else its parts, else an address, else its number in the eldest source."""
    for name in ("full_name", "name"):
        if name in fields:
            return str(fields[name]["value"])
    parts = [str(fields[part]["value"]) for part in ("given_name", "family_name") if part in fields]
    if parts:
        return " ".join(parts)
    addresses = [email.address for member in members for email in member.entity.emails]
    return addresses[0] if addresses else f"{members[0].claim.type} {members[0].claim.source_id}"


def _emails(members: Sequence[Member], shared: frozenset[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for member in members:
        for email in member.entity.emails:
            key = email_key(email.address) or email.address.strip().lower()
            held = found.setdefault(
                key, {"address": key, "primary": False, "verified": False, "shared": f"email:{key}" in shared, "sources": []}
            )
            held["primary"] |= email.primary
            held["verified"] |= bool(email.verified)
            held["sources"].append(member.origin | {"written": email.address})
    return sorted(found.values(), key=lambda held: (not held["verified"], not held["primary"], held["address"]))


def _phones(members: Sequence[Member]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for member in members:
        for phone in member.entity.phones:
            held = found.setdefault(phone.number, {"number": phone.number, "label": phone.label, "sources": []})
            held["sources"].append(member.origin)
    return [found[number] for number in sorted(found)]


def _employers(members: Sequence[Member]) -> dict[str, Any]:
    """Companies a person belongs to, by what the sources say and by the domains of the person's addresses."""
    contacts = [(member.claim.connection_id, member.entity) for member in members if isinstance(member.entity, Contact)]
    pairs = sorted({(connection, company) for connection, contact in contacts for company in contact.company_ids})
    addresses = [email.address for _, contact in contacts for email in contact.emails]
    return {
        "companies": [{"connection_id": connection, "id": company} for connection, company in pairs],
        "email_domains": sorted({domain for address in addresses if (domain := email_domain(address))}),
    }


def _domains(members: Sequence[Member]) -> dict[str, Any]:
    keys = {key for member in members for key in member.claim.keys}
    return {"domains": sorted(key.removeprefix("domain:") for key in keys if key.startswith("domain:"))}


def _record(member: Member, group: Group) -> dict[str, Any]:
    mine = member.claim.record_id
    joined = sorted({link.key.partition(":")[0] for link in group.links if mine in (link.first, link.second)})
    return member.origin | {
        "record_id": mine,
        "state": member.state,
        "url": member.entity.url,
        "created_at": _moment(member.entity.created_at),
        "changed_at": _moment(member.entity.changed_at),
        "joined_by": joined,
    }


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")
