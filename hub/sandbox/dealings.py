"""What people have to do with the invented company: deals, tickets with answers, orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from hub.sandbox.chance import Chance, instant, milliseconds, pick
from hub.sandbox.names import words
from hub.sandbox.parties import Person

MOST = 4
"""A person has fewer deals, tickets or orders than this in one tool."""

DealStatus = Literal["open", "won", "lost"]
TicketStatus = Literal["new", "open", "pending", "on_hold", "solved", "closed"]
OrderStatus = Literal["pending", "paid", "refunded", "cancelled"]

_CURRENCY = {"BR": "BRL", "US": "USD"}
_DEAL_STATUSES: tuple[DealStatus, ...] = ("open", "open", "won", "won", "won", "lost", "lost")
_TICKET_STATUSES: tuple[TicketStatus, ...] = (
    "new", "open", "open", "pending", "on_hold", "solved", "solved", "solved", "closed", "closed",
)  # fmt: skip  # a table of weights reads as one line
_ORDER_STATUSES: tuple[OrderStatus, ...] = ("paid", "paid", "paid", "paid", "paid", "pending", "refunded", "cancelled")
_DEAL_WORDS = {
    "pt": ("Renovação", "Plano anual", "Expansão", "Projeto"),
    "en": ("Renewal", "Annual plan", "Expansion", "Project"),
}
_PRIORITIES = ("low", "normal", "normal", "normal", "high", "urgent")
_KINDS = ("question", "incident", "problem", "task")
# Out of 256, the values of a byte.
_NOBODY, _UNLINKED, _UNCHOSEN, _SATISFIED = 40, 20, 120, 200
STAFF = 12
"""How many people work for the invented company."""
OPEN_STEPS = 6
"""How many stages a deal passes before it is decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deal:
    """`step` counts the open stages from 0 and says where the deal stands or stood last; `closed_at` only when decided.

    A deal may lack its person or its company, as deals in a real CRM do.
    """

    name: str
    person: int | None
    company: int | None
    amount: Decimal | None
    currency: str
    status: DealStatus
    step: int
    owner: int | None
    opened_at: datetime
    expected_at: datetime
    closed_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a person thought of a ticket's handling: good or bad, with a comment or without."""

    good: bool
    comment: str | None
    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """`priority` is low, normal, high or urgent, `kind` question, incident, problem or task; None where nobody chose."""

    subject: str
    person: int
    company: int | None
    status: TicketStatus
    priority: str | None
    kind: str | None
    owner: int | None
    opened_at: datetime
    solved_at: datetime | None
    updated_at: datetime
    answer: Answer | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A purchase in the shop; `paid_at` also stands where the money was given back later."""

    person: int
    items: int
    total: Decimal
    currency: str
    status: OrderStatus
    placed_at: datetime
    paid_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Draw:
    """What one dealing is made of: who, when, and the bytes that decide the rest."""

    person: Person
    company: int | None
    made: int
    changed: int
    bytes: bytes

    @property
    def owner(self) -> int | None:
        """The member of staff in charge, if anybody is."""
        return None if self.bytes[30] < _NOBODY else self.bytes[31] % STAFF

    @property
    def decided(self) -> datetime:
        """Somewhere between the beginning and the last change."""
        return instant(self.made + (self.changed - self.made) * self.bytes[29] // 256)


def draw(chance: Chance, person: Person, what: str, tool: str, number: int) -> Draw:
    """The dealing with this number that a person has in a tool; it begins after the tool came to know the person."""
    known, _ = chance.span("contact", tool, person.index)
    made, changed = chance.since(known, what, tool, person.index, number)
    drawn = chance.bytes(f"{what} draw", tool, person.index, number)
    return Draw(person=person, company=person.company, made=made, changed=changed, bytes=drawn)


def deal(drawn: Draw) -> Deal:
    """A sale that is wanted, won or lost."""
    person, chosen = drawn.person, drawn.bytes
    status = pick(_DEAL_STATUSES, chosen, 0)
    amount = Decimal(500 + int.from_bytes(chosen[2:4], "big") % 60_000) + Decimal(chosen[4] % 100) / 100
    return Deal(
        name=f"{pick(_DEAL_WORDS[person.language], chosen, 5)} {person.family_name}",
        person=None if chosen[7] < _UNLINKED else person.index,
        company=None if chosen[8] < _UNLINKED else drawn.company,
        amount=None if chosen[9] < _UNLINKED else amount,
        currency=_CURRENCY[person.country],
        status=status,
        step=chosen[10] % OPEN_STEPS,
        owner=drawn.owner,
        opened_at=instant(drawn.made),
        expected_at=instant(drawn.made) + timedelta(days=10 + chosen[11]),
        closed_at=None if status == "open" else drawn.decided,
        updated_at=instant(drawn.changed),
    )


def ticket(drawn: Draw, *, rated: bool) -> Ticket:
    """A request for support; a rated one is solved and has an answer."""
    person, chosen, language = drawn.person, drawn.bytes, words(drawn.person.language)
    status: TicketStatus = ("closed" if chosen[1] % 3 else "solved") if rated else pick(_TICKET_STATUSES, chosen, 0)
    solved = drawn.decided if status in ("solved", "closed") else None
    return Ticket(
        subject=pick(language.subjects, chosen, 2),
        person=person.index,
        company=drawn.company,
        status=status,
        priority=None if chosen[4] < _NOBODY else pick(_PRIORITIES, chosen, 5),
        kind=None if chosen[7] < _UNCHOSEN else pick(_KINDS, chosen, 8),
        owner=None if status == "new" else drawn.owner,
        opened_at=instant(drawn.made),
        solved_at=solved,
        updated_at=instant(drawn.changed),
        answer=_answer(drawn, solved) if rated and solved else None,
    )


def _answer(drawn: Draw, solved: datetime) -> Answer:
    language, chosen = words(drawn.person.language), drawn.bytes
    good = chosen[12] < _SATISFIED
    comment = pick(language.praises if good else language.complaints, chosen, 13) if chosen[15] % 3 else None
    answered = instant((milliseconds(solved) + drawn.changed) // 2)
    return Answer(good=good, comment=comment, asked_at=solved, answered_at=answered)


def order(drawn: Draw) -> Order:
    """A purchase."""
    person, chosen = drawn.person, drawn.bytes
    status = pick(_ORDER_STATUSES, chosen, 0)
    items = 1 + chosen[2] % 4
    return Order(
        person=person.index,
        items=items,
        total=items * Decimal(1990 + 500 * (chosen[3] % 20)) / 100,
        currency=_CURRENCY[person.country],
        status=status,
        placed_at=instant(drawn.made),
        paid_at=drawn.decided if status in ("paid", "refunded") else None,
        updated_at=instant(drawn.changed),
    )
