"""Invented lives of customers, pushed as a program would: with corrections, reopened deals, late news and news from the past."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests import support

BEGIN = support.at("2024-01-01T00:00:00Z")
KNOWN_FROM = support.at("2024-06-01T00:00:00Z")
END = support.at("2026-01-01T00:00:00Z")


def lives(seed: int, people: int) -> list[list[dict[str, Any]]]:
    """What is pushed, call by call: who they are, and then, for each, what happened."""
    chance = Random(seed)  # noqa: S311 - lives to try, not a secret
    companies = [
        _record("company", f"c{number}", BEGIN, name=f"Firm {number}", domains=[f"firm{number}.example"]) for number in range(4)
    ]
    contacts = [_contact(chance, number) for number in range(people)]
    events = [event for number in range(people) for event in _life(chance, number)]
    chance.shuffle(events)
    return [companies, contacts, *(events[start : start + 6] for start in range(0, len(events), 6))]


def moments(seed: int, count: int) -> list[tuple[datetime, datetime | None]]:
    """Moments to ask about, half of them with a moment at which it is to have been known."""
    chance = Random(seed)  # noqa: S311 - as above
    return [(_moment(chance), _moment(chance) if number % 2 else None) for number in range(count)]


def _contact(chance: Random, number: int) -> dict[str, Any]:
    working = {"company_ids": [f"c{number % 4}"]} if chance.random() < 0.5 else {}
    return _record(
        "contact", f"p{number}", BEGIN, full_name=f"Person {number}", emails=[{"address": f"p{number}@mail.example"}], **working
    )


def _life(chance: Random, number: int) -> list[dict[str, Any]]:
    mine = {"contact_ids": [f"p{number}"]}
    found = []
    if chance.random() < 0.8:
        found.append(_said(chance, "lead", f"l{number}", contact_id=f"p{number}", captured_at=_text(_moment(chance))))
    if chance.random() < 0.4:
        found.append(_said(chance, "touchpoint", f"t{number}", contact_id=f"p{number}", occurred_at=_text(_moment(chance))))
    for order in range(chance.choice((0, 1, 2, 5))):
        total = {"amount": str(chance.randint(1, 900)), "currency": "BRL"}
        paid = {"status": "paid", "paid_at": _text(_moment(chance)), "total": total, **mine}
        found.append(_said(chance, "order", f"o{number}-{order}", **paid))
    if chance.random() < 0.6:
        found += _deal(chance, f"d{number}", mine)
    if chance.random() < 0.3:
        answer = {"kind": "nps", "score": str(chance.randint(0, 10)), "responded_at": _text(_moment(chance))}
        found.append(_said(chance, "survey_response", f"s{number}", respondent_id=f"p{number}", **answer))
    return found


def _deal(chance: Random, key: str, mine: dict[str, Any]) -> list[dict[str, Any]]:
    """Opened, and then won, lost and opened again some times."""
    at = _moment(chance)
    opened = {"opened_at": _text(at), **mine}
    found = [_record("deal", key, at, status="open", **opened) | {"observed_at": _text(_known(chance, at))}]
    for _ in range(chance.randint(0, 4)):
        at += timedelta(hours=chance.choice((1, 20, 500, 3000)))
        status = chance.choice(("won", "won", "lost", "open"))
        when = {"won": {"won_at": _text(at)}, "lost": {"lost_at": _text(at)}, "open": {}}[status]
        told = _record("deal", key, at, status=status, **opened, **when)
        found.append(told | {"observed_at": _text(_known(chance, at))})
    return [each for each in found if each["changed_at"] < _text(END)]


def _said(chance: Random, of: str, key: str, **data: Any) -> dict[str, Any]:
    at = _moment(chance)
    return _record(of, key, at, **data) | {"observed_at": _text(_known(chance, at))}


def _record(of: str, key: str, at: datetime, /, **data: Any) -> dict[str, Any]:
    return {"type": of, "id": key, "changed_at": _text(at), "data": data}


def _known(chance: Random, at: datetime) -> datetime:
    return min(END, at + timedelta(days=chance.choice((0, 0, 1, 40))))


def _moment(chance: Random) -> datetime:
    return BEGIN + timedelta(hours=chance.randrange(int((END - BEGIN).total_seconds() // 3600)))


def _text(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
