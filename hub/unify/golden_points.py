"""The addresses and numbers of a customer: united, never won, with the one to use first in front."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hub.model import Email, Phone
from hub.model.values import moment
from hub.unify.golden_statements import FOREVER, Member, Order, said
from hub.unify.keys import email_key
from hub.unify.phones import Number, number, region_of

SHARED: Final = "shared"
"""The label of a number that the source itself calls one of several people."""
_CRM: Final = "CRM"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """That a record has an address or a number; `place` is its position among those of the record."""

    member: Member
    point: Email | Phone
    written: str
    place: int
    only: bool
    read: Number | None = None

    @property
    def order(self) -> tuple[Order, bool, int]:
        """Orders mentions by how far they are believed; within a record its own first one leads."""
        return (self.member.order, not self.point.primary, self.place)

    @property
    def crm_primary(self) -> bool:
        """Whether the CRM ranks it first; the only one of a record needs no rank."""
        return self.member.category == _CRM and (self.point.primary or self.only)


def emails(members: Sequence[Member], shared: frozenset[str], last_in: str | None) -> list[dict[str, Any]]:
    """Every address once: the verified first, then what the latest inbound activity used, the CRM's first, the most recent."""
    used = None if last_in is None else _address(last_in)
    rows = []
    for key, mentions in _united(_emails(members)).items():
        verified = any(isinstance(each.point, Email) and each.point.verified for each in mentions)
        grounds = {"verified": verified, "latest_inbound": key == used, "crm_primary": any(each.crm_primary for each in mentions)}
        row = {"address": key, "verified": verified, "shared": f"email:{key}" in shared}
        rows.append(_row(row, grounds, mentions))
    return _ordered(rows)


def phones(members: Sequence[Member], shared: frozenset[str], region: str) -> list[dict[str, Any]]:
    """Every number once, in E.164 where it can be read: mobile ones that nobody shares first, then the CRM's, the most recent."""
    rows = []
    for key, mentions in _united(_phones(members, region)).items():
        read = mentions[0].read
        several = f"phone:{key}" in shared or any(each.point.label == SHARED for each in mentions)
        mobile = read is not None and read.mobile
        grounds = {"mobile": mobile and not several, "crm_primary": any(each.crm_primary for each in mentions)}
        row = {
            "number": mentions[0].written if read is None else read.e164,
            "e164": None if read is None else read.e164,
            "mobile": mobile,
            "shared": several,
        }
        rows.append(_row(row, grounds, mentions))
    return _ordered(rows)


_Ranked = tuple[tuple[tuple[bool, ...], timedelta, tuple[Order, bool, int]], dict[str, Any]]


def _row(row: Mapping[str, Any], grounds: Mapping[str, bool], mentions: Sequence[_Mention]) -> _Ranked:
    """An entry, with what places it among the others."""
    newest: datetime = max(each.member.changed for each in mentions)
    labels = [each.point.label for each in mentions if said(each.point.label)]
    entry = {
        **row,
        "label": labels[0] if labels else None,
        "rule": next((name for name, holds in grounds.items() if holds), "most_recent"),
        "changed_at": moment(max((at for each in mentions if (at := each.member.entity.changed_at)), default=None)),
        "sources": [each.member.origin | {"written": each.written} for each in mentions],
    }
    return (tuple(not holds for holds in grounds.values()), FOREVER - newest, mentions[0].order), entry


def _ordered(rows: list[_Ranked]) -> list[dict[str, Any]]:
    """The entries by rank; the first one is the customer's primary."""
    ranked = [entry for _, entry in sorted(rows, key=lambda row: row[0])]
    return [entry | {"primary": position == 0} for position, entry in enumerate(ranked)]


def _united(found: Iterator[tuple[str, _Mention]]) -> dict[str, list[_Mention]]:
    """The mentions of each address or number, the most believed first."""
    united: dict[str, list[_Mention]] = {}
    for key, mention in found:
        united.setdefault(key, []).append(mention)
    return {key: sorted(mentions, key=lambda each: each.order) for key, mentions in united.items()}


def _emails(members: Sequence[Member]) -> Iterator[tuple[str, _Mention]]:
    for member in members:
        filled = [email for email in member.entity.emails if said(email.address)]
        for place, email in enumerate(filled):
            only = len(filled) == 1
            mention = _Mention(member=member, point=email, written=email.address, place=place, only=only)
            yield _address(email.address), mention


def _phones(members: Sequence[Member], region: str) -> Iterator[tuple[str, _Mention]]:
    for member in members:
        here = region_of(member.entity.country, region)
        filled = [phone for phone in member.entity.phones if said(phone.number)]
        for place, phone in enumerate(filled):
            read, only = number(phone.number, here), len(filled) == 1
            key = read.e164 if read else re.sub(r"\D", "", phone.number) or phone.number.strip()
            yield key, _Mention(member=member, point=phone, written=phone.number, place=place, only=only, read=read)


def _address(written: str) -> str:
    return email_key(written) or written.strip().lower()
