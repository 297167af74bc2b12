"""The golden record: for every field the value that wins, where it comes from, and what lost to it and why.

Addresses and numbers are united, never won. What a source deleted counts only where nothing live is left.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from hub.model import Contact
from hub.model.values import moment
from hub.unify.golden_consent import consent
from hub.unify.golden_fields import COMPANY, PERSON, winners
from hub.unify.golden_lists import companies, custom, interests, scores
from hub.unify.golden_points import emails, phones
from hub.unify.golden_statements import Dealings, Lock, Member, said
from hub.unify.golden_times import dates, touches
from hub.unify.groups import Group
from hub.unify.keys import email_domain

__all__ = ["FIELDS", "Dealings", "Lock", "Member", "golden", "moment", "said"]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"person": tuple(PERSON), "company": tuple(COMPANY)})
"""The fields of each type of customer that a person can lock."""

_NO_LOCKS: Final[Mapping[str, Lock]] = MappingProxyType({})
_NO_DEALINGS: Final = Dealings()


def golden(
    group: Group,
    members: Sequence[Member],
    *,
    region: str,
    locks: Mapping[str, Lock] = _NO_LOCKS,
    dealings: Dealings = _NO_DEALINGS,
) -> dict[str, Any]:
    """The document of one customer: a value of JSON types, the same for the same records in whatever order.

    `region` (ISO 3166-1, two letters) is where numbers without a country code belong whose record names no country.
    """
    ordered = sorted(members, key=lambda member: member.claim.age)
    speaking = [member for member in ordered if member.state == "live"] or ordered
    person = ordered[0].claim.type == Contact.TYPE
    fields = dict(winners(PERSON if person else COMPANY, speaking, locks)) | touches(speaking, dealings)
    numbers = phones(speaking, group.shared, region)
    return {
        "type": "person" if person else "company",
        "name": _name(fields, speaking),
        "live": speaking[0].state == "live",
        "fields": fields,
        "emails": emails(speaking, group.shared, dealings.last_in_email),
        "phones": numbers,
        "dates": dates(speaking, dealings),
        "consent": consent(dealings.consents),
        "external_scores": scores(speaking),
        "custom": custom(speaking),
        "records": [_record(member, group) for member in ordered],
        "since": moment(ordered[0].claim.created_at),
        **(_of_person(speaking, dealings) if person else _of_company(speaking, numbers)),
    }


def _name(fields: Mapping[str, Any], members: Sequence[Member]) -> str:
    """What to call a customer: its name, else its parts, else an address, else its number in the eldest source."""
    known = {name: str(field["value"]) for name, field in fields.items() if said(field["value"])}
    for name in ("full_name", "name"):
        if name in known:
            return known[name]
    parts = [known[part] for part in ("given_name", "family_name") if part in known]
    if parts:
        return " ".join(parts)
    addresses = [email.address for member in members for email in member.entity.emails if said(email.address)]
    return addresses[0] if addresses else f"{members[0].claim.type} {members[0].claim.source_id}"


def _of_person(members: Sequence[Member], dealings: Dealings) -> dict[str, Any]:
    """What only people have: companies by what the sources say and by the domains of the person's addresses, interests."""
    addresses = [email.address for member in members for email in member.entity.emails]
    return {
        "companies": companies(members, dealings.memberships),
        "email_domains": sorted({domain for address in addresses if (domain := email_domain(address))}),
        "interests": interests(members),
    }


def _of_company(members: Sequence[Member], numbers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What only companies have: the domains they are recognised by, and the number to call first."""
    keys = {key for member in members for key in member.claim.keys}
    return {
        "domains": sorted(key.removeprefix("domain:") for key in keys if key.startswith("domain:")),
        "phone_main": numbers[0]["number"] if numbers else None,
    }


def _record(member: Member, group: Group) -> dict[str, Any]:
    mine = member.claim.record_id
    joined = sorted({link.key.partition(":")[0] for link in group.links if mine in (link.first, link.second)})
    return member.origin | {
        "record_id": mine,
        "state": member.state,
        "url": member.entity.url,
        "created_at": moment(member.entity.created_at),
        "changed_at": moment(member.entity.changed_at),
        "joined_by": joined,
    }
