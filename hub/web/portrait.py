"""Everything that the page of one customer shows, gathered from the store."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from hub.errors import BadInput
from hub.lifecycle import presale
from hub.model import Company, Owner, record_id
from hub.store import access, browse, candidates, overview, rulings
from hub.store.database import Transaction
from hub.sync import lifecycles
from hub.sync.lifecycles import When
from hub.sync.organisation import settled
from hub.unify.golden import FIELDS
from hub.web.band import band
from hub.web.here import hub
from hub.web.tiles import tiles

DEALINGS = ("deal", "lead", "subscription", "order", "invoice", "payment", "refund", "ticket", "survey_response")
"""The types of records that have tables of their own on the page."""
YEARS = range(1900, 2201)
_OWNED = ("owner", "csm")


def asked(tx: Transaction, as_of: str, known_at: str) -> When:
    """The moments that two dates of an address name, each its start in the organisation's zone; BadInput for anything else."""
    return When(as_of=_start(tx, as_of, "as_of") or hub().time.now(), known_at=_start(tx, known_at, "known_at"))


def portrait(tx: Transaction, customer_id: str, document: dict[str, Any], when: When) -> dict[str, Any]:
    """What belongs to a customer: where it stands, its companies or people, what mentions it, what people decided about it."""
    mine = [each["record_id"] for each in document["records"]]
    stands = lifecycles.ask(tx, customer_id, when)
    about = browse.about(tx, mine, [kind for kind in DEALINGS if kind in document.get("activity", {})])
    line = band(tx, stands, when.as_of)
    return {
        "stands": stands,
        "zone": stands.settled.organisation.zone,
        "band": line,
        "tiles": tiles(tx, stands, document, line, about),
        "moment": when,
        "about": about,
        "presale": {
            row.id for row, _ in about.get("ticket", ()) if presale(stands.lifecycle, row.occurred_at or row.received_at)
        },
        "record_of": {(each["connection_id"], each["type"], each["id"]): each for each in document["records"]},
        "lockable": FIELDS[document["type"]],
        "owners_of": _owners(tx, document),
        "related": browse.RELATED,
        **_homes(tx, customer_id, stands.inherited_from),
        **_relatives(tx, document, mine),
        **_decisions(tx, mine),
    }


def _start(tx: Transaction, said: str, name: str) -> datetime | None:
    """The start of a day in the organisation's zone."""
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError as error:
        raise BadInput("A date is written as year, month and day, such as 2025-08-15", where=name) from error
    if day.year not in YEARS:
        raise BadInput(f"Choose a day between {YEARS[0]} and {YEARS[-1]}", where=name)
    return datetime(day.year, day.month, day.day, tzinfo=settled(tx).organisation.zone).astimezone(UTC)


def _homes(tx: Transaction, customer_id: str, home: str | None) -> dict[str, Any]:
    """The company whose stage somebody has, and those whom they may be as well."""
    found = candidates.of(tx, customer_id)
    decided = candidates.decided(tx, [each.id for each in found])
    others = {each.id: each.second_id if each.first_id == customer_id else each.first_id for each in found}
    names = browse.names(tx, sorted({*others.values(), *([home] if home else [])}))
    open_still = [(each, others[each.id]) for each in found if each.id not in decided and others[each.id] in names]
    return {"home": (home, names.get(home, "its company")) if home else None, "questions": open_still, "question_names": names}


def _relatives(tx: Transaction, document: Mapping[str, Any], mine: Sequence[str]) -> dict[str, Any]:
    if document["type"] != "person":
        return {"people": browse.people(tx, mine, document.get("domains", ())), "companies": [], "spells": {}}
    spells: dict[str, list[Any]] = {}
    ids = {record_id(each["connection_id"], Company.TYPE, each["id"]): each for each in document.get("companies", ())}
    whose = browse.customers_of(tx, sorted(ids))
    for each in document.get("companies", ()):
        company = whose.get(record_id(each["connection_id"], Company.TYPE, each["id"]))
        if company:
            spells.setdefault(company, []).append(each)
    return {"people": [], "companies": browse.companies(tx, mine, document.get("email_domains", ())), "spells": spells}


def _decisions(tx: Transaction, mine: Sequence[str]) -> dict[str, Any]:
    """What people said of these records: who they are not, whether somebody merged them, and who it was."""
    parted = overview.apart(tx, mine)
    others = sorted({other for each in parted for other in each["records"]} - set(mine))
    owners = browse.customers_of(tx, others)
    return {
        "apart": parted,
        "owners": owners,
        "names": browse.names(tx, sorted(set(owners.values()))),
        "mine": set(mine),
        "merged_by_hand": bool(rulings.of(tx, mine, same=True)),
        "people_names": {f"user:{each.id}": each.name or each.email for each in access.users(tx)},
    }


def _owners(tx: Transaction, document: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """What those of our side are called whom any system names as owner or as looking after the customer."""
    known = [document["fields"][name] for name in _OWNED if name in document["fields"]]
    values = [each["value"] for field in known for each in (field, *field["candidates"])]
    ids = {record_id(each["connection_id"], Owner.TYPE, each["id"]): (each["connection_id"], each["id"]) for each in values}
    return {ids[found]: body.get("name") or body.get("email") or "" for found, (_, body) in browse.records(tx, ids).items()}
