"""Which value of a field wins: the survivorship of what cannot be several things at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import msgspec

from hub.model.values import moment
from hub.unify.golden_statements import LONG_AGO, Lock, Member, Statement, candidate, provenance, said, statement

RECENT: Final = timedelta(days=365)
"""A trusted source that changed a value this long before the newest one is out of date."""


class Survival(NamedTuple):
    """How one value survives: by which rule, which kind of system is believed first, and where records keep it."""

    rule: str
    first: str | None = None
    reference: str | None = None
    """The attribute with the id of another record of the same connection, where the field is such a mention."""


RECENT_BY_PRIORITY: Final = Survival("most_recent_by_priority")
PRIORITY: Final = Survival("priority")
"""What the most trusted system says holds, however long ago it said so."""

PERSON: Final[Mapping[str, Survival]] = {
    **dict.fromkeys(
        (
            *("full_name", "given_name", "family_name", "name_suffix", "honorific"),
            *("job_title", "seniority", "department", "company_name"),
            *("language", "time_zone", "city", "country", "self_reported_source"),
        ),
        RECENT_BY_PRIORITY,
    ),
    "tax_id": PRIORITY,
    "owner": Survival("priority", "CRM", "owner_id"),
}
COMPANY: Final[Mapping[str, Survival]] = {
    **dict.fromkeys(("name", "legal_name", "tax_id", "industry", "employee_count", "annual_revenue", "tier"), PRIORITY),
    **dict.fromkeys(("website", "city", "country"), RECENT_BY_PRIORITY),
    "renewal_date": Survival("priority", "Customer success"),
    "owner": Survival("priority", "CRM", "owner_id"),
    "csm": Survival("priority", "Customer success", "csm_id"),
}


def winners(table: Mapping[str, Survival], members: Sequence[Member], locks: Mapping[str, Lock]) -> Iterator[tuple[str, Any]]:
    """Each field that anybody speaks of, with the value that wins and its provenance."""
    for name, survival in table.items():
        statements = list(_statements(name, survival, members))
        if name in locks:
            yield name, _manual(name, locks[name], ranked(statements, survival.rule))
        elif statements:
            winner, *losers = ranked(statements, survival.rule)
            yield name, provenance(winner, survival.rule, [(loser, _why(winner, loser)) for loser in losers])


def ranked(statements: Sequence[Statement], rule: str) -> list[Statement]:
    """The statements by the rule of a field, the winner first."""
    newest = max((each.since for each in statements), default=LONG_AGO)
    recency = rule == RECENT_BY_PRIORITY.rule
    return sorted(statements, key=lambda each: (recency and newest - each.since > RECENT, *each.order))


def _statements(name: str, survival: Survival, members: Sequence[Member]) -> Iterator[Statement]:
    attribute = survival.reference or name
    for member in members:
        value = msgspec.to_builtins(getattr(member.entity, attribute))
        if said(value):
            given = {"connection_id": member.claim.connection_id, "id": value} if survival.reference else value
            yield statement(member, attribute, given, first=survival.first)


def _manual(name: str, lock: Lock, losers: Sequence[Statement]) -> dict[str, Any]:
    """A steward's value wins until the lock is removed; what the sources say goes on standing beside it."""
    at = moment(lock.at)
    return {
        "value": lock.value,
        "rule": "manual",
        "confidence": 1.0,
        "source": {"by": lock.by, "field": name},
        "changed_at": at,
        "recorded_at": at,
        "candidates": [candidate(loser, "locked") for loser in losers],
    }


def _why(winner: Statement, loser: Statement) -> str:
    if loser.trust > winner.trust:
        return "lower_priority"
    if loser.trust < winner.trust:
        return "out_of_date"
    if loser.since < winner.since:
        return "older"
    return "tie" if loser.recorded_at == winner.recorded_at else "recorded_earlier"
