"""What is said of each customer of a component: the golden record, how much there is about them, and where they stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub import registry
from hub.lifecycle import Lifecycle, lifecycle
from hub.lifecycle import known as known_of
from hub.lifecycle.written import written
from hub.model import TYPES, Activity, Company, Consent, Contact, Fact, Lead, Membership, digest, from_json, record_id
from hub.spec.jsontext import dumps
from hub.store import components, facts
from hub.store.customers import Stage
from hub.store.database import Transaction
from hub.store.locks import locks
from hub.store.timeline import HUMAN
from hub.sync.organisation import Settled
from hub.unify import Group, employers
from hub.unify.golden import Dealings, Lock, Member, golden


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A customer's document and what is kept beside it."""

    document: dict[str, Any]
    stages: tuple[Stage, ...]
    revised_at: datetime | None
    known_at: datetime | None
    employer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """All that the store has about the records of a component."""

    tx: Transaction
    settled: Settled
    rows: Mapping[str, Any]
    systems: Mapping[str, str]
    activity: Mapping[str, Sequence[tuple[str, str, str]]]
    dealings: Mapping[str, Sequence[Any]]
    contacted: Mapping[str, Sequence[tuple[str, datetime]]]
    facts: Mapping[str, Sequence[Fact]]
    """By the record of the person and of the company that each is about."""
    employees: Mapping[str, Sequence[Fact]]
    """Those about the people of companies, by the company's record or domain."""
    locks: Mapping[str, Mapping[str, Lock]] = field(default_factory=dict)

    def of(self, group: Group) -> Paper:
        """What is said of one customer."""
        ids = {claim.record_id for claim in group.claims}
        members = [self._member(claim.record_id, claim) for claim in group.claims]
        mine = self._facts(group)
        stands = lifecycle(known_of(mine), self.settled.rules)
        document = golden(
            group,
            members,
            region=self.settled.organisation.country or "",
            locks=self.locks.get(group.anchor.record_id, {}),
            dealings=self._dealings(ids),
        )
        links = [{"rule": link.rule, "score": link.score, "records": [link.first, link.second]} for link in group.links]
        document |= {"links": links, "activity": self._activity(group), "lifecycle": written(stands)}
        return Paper(
            document=document,
            stages=_stages(stands),
            revised_at=stands.revised_at,
            known_at=max((fact.retracted_at or fact.recorded_at for fact in mine), default=None),
            employer=_employer(members),
        )

    def _facts(self, group: Group) -> list[Fact]:
        """Every version of every fact about a customer; those about its people too, where they name no company."""
        found = {(fact.id, fact.recorded_at): fact for claim in group.claims for fact in self.facts.get(claim.record_id, ())}
        if group.anchor.type != Company.TYPE:
            return list(found.values())
        places = sorted({place for claim in group.claims for place in (claim.record_id, *claim.keys)})
        return [*found.values(), *(fact for place in places for fact in self.employees.get(place, ()))]

    def _member(self, record_id: str, claim: Any) -> Member:
        row = self.rows[record_id]
        system = self.systems[row.connection_id]
        return Member(
            claim=claim,
            system=system,
            category=registry.connector(system).category,
            entity=claim.entity,
            state=row.state,
            received_at=row.received_at,
        )

    def _activity(self, group: Group) -> dict[str, Any]:
        """How many deals, tickets and so on are theirs, and a digest that changes when any of them does."""
        by_type: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for claim in group.claims:
            for kind, state, hashed in self.activity.get(claim.record_id, ()):
                by_type[kind].add((state, hashed))
        return {
            kind: {"live": sum(state == "live" for state, _ in held), "digest": digest(dumps(sorted(held)))}
            for kind, held in sorted(by_type.items())
        }

    def _dealings(self, ids: Collection[str]) -> Dealings:
        rows = {row.id: row for found in ids for row in self.dealings.get(found, ())}
        read = [(from_json(TYPES[row.type], row.body.encode()), self._origin(row)) for _, row in sorted(rows.items())]
        last = self._last(ids)
        body = components.newest(self.tx, ids, "email.in") if "in" in last else None
        return Dealings(
            consents=tuple((each, origin) for each, origin in read if isinstance(each, Consent)),
            leads=tuple((each, origin) for each, origin in read if isinstance(each, Lead)),
            memberships=tuple((each, origin) for each, origin in read if isinstance(each, Membership)),
            last_in=last.get("in"),
            last_out=last.get("out"),
            last_in_email=from_json(Activity, body.encode()).email if body else None,
        )

    def _last(self, ids: Collection[str]) -> dict[str, datetime]:
        """When people last dealt with each other, by who turned to whom."""
        last: dict[str, datetime] = {}
        for kind, at in (each for found in ids for each in self.contacted.get(found, ())):
            what, direction, *automatic = kind.split(".")
            if what in HUMAN and not automatic:
                last[direction] = max(at, last.get(direction, at))
        return last

    def _origin(self, row: Any) -> dict[str, str]:
        return {
            "connection_id": row.connection_id,
            "system": self.systems[row.connection_id],
            "type": row.type,
            "id": row.source_id,
        }


def gather(tx: Transaction, rows: Mapping[str, Any], settled: Settled, systems: Mapping[str, str]) -> Papers:
    """Everything about these records, in a few questions to the store; `systems` are the connections' systems."""
    dealings: dict[str, list[Any]] = defaultdict(list)
    about: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.about(tx, rows):
        for party in filter(None, (fact.person_id, fact.company_id)):
            about[party].append(fact)
    for row in components.dealings(tx, rows):
        dealings[row.target_id].append(row)
    return Papers(
        tx=tx,
        settled=settled,
        rows=rows,
        systems=systems,
        activity=components.activity(tx, rows),
        dealings=dealings,
        contacted=components.contacted(tx, rows),
        facts=about,
        employees=facts.of_employees(tx, components.places(tx, [row.id for row in rows.values() if row.type == Company.TYPE])),
        locks=locks(tx, rows),
    )


def _stages(found: Lifecycle) -> tuple[Stage, ...]:
    return tuple(
        Stage(each.framework, number, each.stage, each.entered_at, each.exited_at)
        for number, each in enumerate(found.sterne_cutler, start=1)
    )


def _employer(members: Sequence[Member]) -> str | None:
    """The company's record that a person's eldest record names, else the key of the domain of an address."""
    contacts = [(member.claim.connection_id, member.entity) for member in members if isinstance(member.entity, Contact)]
    named = (record_id(connection, Company.TYPE, found) for connection, contact in contacts for found in contact.company_ids)
    return next(named, None) or min((key for _, contact in contacts for key in employers(contact)), default=None)
