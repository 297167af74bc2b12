"""What is kept side by side: interests, the scores of vendors, the sources' own fields, the companies of a person."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hub.model import Contact, Membership
from hub.model.values import moment
from hub.unify.golden_statements import Member, said
from hub.unify.names import name_key

_json = msgspec.json.Encoder(order="sorted")


def interests(members: Sequence[Member]) -> list[dict[str, Any]]:
    """Every interest once, as the most believed source writes it."""
    found: dict[str, dict[str, Any]] = {}
    for member in _believed(members):
        for written in member.entity.interests if isinstance(member.entity, Contact) else ():
            if said(written):
                held = found.setdefault(name_key(written), {"value": written, "sources": []})
                held["sources"] += [member.origin] * (member.origin not in held["sources"])
    return [found[key] for key in sorted(found)]


def scores(members: Sequence[Member]) -> list[dict[str, Any]]:
    """The scores that the sources compute themselves, the most believed source first."""
    return [
        {**member.origin, **msgspec.to_builtins(score), "changed_at": moment(member.entity.changed_at)}
        for member in _believed(members)
        for score in sorted(member.entity.scores, key=lambda each: (each.name, each.value))
    ]


def custom(members: Sequence[Member]) -> dict[str, list[dict[str, Any]]]:
    """The sources' own fields as `system.name`, never merged: each different value with the records that have it."""
    found: dict[str, dict[bytes, dict[str, Any]]] = {}
    for member in _believed(members):
        for name, value in member.entity.custom.items():
            if said(value):
                held = found.setdefault(f"{member.system}.{name}", {})
                held.setdefault(_json.encode(value), {"value": value, "sources": []})["sources"].append(member.origin)
    return {name: list(found[name].values()) for name in sorted(found)}


def companies(members: Sequence[Member], memberships: Sequence[tuple[Membership, Mapping[str, str]]]) -> list[dict[str, Any]]:
    """The companies that the sources name for a person, one entry a membership: who left and came back has two."""
    known: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for member in members:
        if isinstance(member.entity, Contact):
            known |= {(member.claim.connection_id, company): [] for company in member.entity.company_ids}
    for membership, origin in memberships:
        if membership.company_id is not None:
            spell = _spell(membership)
            held = known.setdefault((origin["connection_id"], membership.company_id), [])
            held += [spell] * (spell not in held)
    return [
        {"connection_id": connection, "id": company} | spell
        for (connection, company), spells in sorted(known.items())
        for spell in sorted(spells, key=_since) or [{}]
    ]


def _spell(membership: Membership) -> dict[str, Any]:
    """What a membership says; what it does not know is left out."""
    spell = {
        "title": membership.title if said(membership.title) else None,
        "is_primary": membership.is_primary,
        "from": moment(membership.starts_at),
        "to": moment(membership.ends_at),
    }
    return {name: value for name, value in spell.items() if value is not None}


def _since(spell: Mapping[str, Any]) -> tuple[str, str, str, bool]:
    return (spell.get("from", ""), spell.get("to", ""), spell.get("title", ""), spell.get("is_primary", False))


def _believed(members: Sequence[Member]) -> list[Member]:
    return sorted(members, key=lambda member: member.order)
