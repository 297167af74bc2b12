"""One invented company with a known truth, as large as wanted: everything is a pure function of the seed and a number.

Nothing is held in memory but what was asked for lately, and nothing reads a clock: all has happened in the three years
before 2026-11-01T00:00:00Z. `hub.sandbox.people` states how often what makes identity hard occurs. What the tools show
is stated by `count`; which of their records are the same person or company follows from `knows`, `knows_company` and
`record_id`, which gives the whole number that a tool uses as id, or builds its id from.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Literal

from hub.sandbox.chance import Chance, pick
from hub.sandbox.dealings import MOST, STAFF, Deal, Order, Ticket, deal, draw, order, ticket
from hub.sandbox.names import Language, words
from hub.sandbox.parties import Company, Person, Seen, Staff, domain
from hub.sandbox.people import PEOPLE_TO_A_COMPANY, PORTUGUESE, People
from hub.sandbox.shelf import SLOTS, Shelf
from hub.sandbox.slots import COMPANY_TOOLS, KNOWN_TO, TOOLS, Slot, Tool, company_slots, known_beside

Kind = Literal["contact", "company", "deal", "ticket", "survey_response", "order"]
DEFAULT_SEED = 2026

FIRST_ID: dict[Kind, int] = {
    "contact": 10_000_001,
    "company": 50_000_001,
    "deal": 100_000_001,
    "ticket": 200_000_001,
    "survey_response": 300_000_001,
    "order": 400_000_001,
}
"""The id of each kind's record number 0; ids ascend with the members' index."""
_WIDTH: dict[Kind, int] = {"contact": 1, "company": 1, "deal": MOST, "ticket": MOST, "survey_response": 1, "order": MOST}
_KEPT_IN: dict[Kind, tuple[Tool, ...]] = {
    "contact": TOOLS,
    "deal": ("hubspot", "bottlecrm"),
    "ticket": ("zendesk", "bottlecrm", "rt"),
    "survey_response": ("zendesk", "bottlecrm", "rt"),
    "order": ("pretix",),
}


class World:
    """The invented company's customers: `people` of them, and a firm to every eight."""

    def __init__(self, people: int, seed: int = DEFAULT_SEED) -> None:
        self.people, self.seed = people, seed
        self.companies = -(-people // PEOPLE_TO_A_COMPANY)
        self._chance = Chance(seed)
        self._people = People(self._chance)
        self._company_slots = company_slots(seed)
        self.company = lru_cache(maxsize=4096)(self._company)
        self.shelf = cache(self._shelf)
        self._beside = cache(lambda tool: known_beside(seed, tool, "company"))
        self._block_employees = lru_cache(maxsize=256)(self._employees_of_block)
        self.staff = tuple(self._member_of_staff(index) for index in range(STAFF))

    def person(self, index: int) -> Person:
        """The truth about person i."""
        return self._people.person(index)

    def tools(self, index: int) -> tuple[Tool, ...]:
        """The tools of the house that know person i."""
        return self._people.slot(index).tools

    def knows(self, tool: Tool, index: int) -> bool:
        """Whether a tool, of the house or not, knows person i."""
        return self._people.known(tool, self._chance.slot(index))

    def knows_company(self, tool: Tool, index: int) -> bool:
        """Whether a tool, of the house or not, knows company c."""
        return index < self.companies and self._company_known(tool, self._chance.slot(index))

    def _company_known(self, tool: Tool, place: int) -> bool:
        return tool in self._company_slots[place] if tool in TOOLS else place in self._beside(tool)

    def as_seen(self, index: int, tool: Tool) -> Seen:
        """Person i as a tool has them."""
        return self._people.seen(index, tool)

    def reference(self, index: int) -> bool:
        """Whether one tool's record of person i carries the id that another tool uses."""
        return self._people.slot(index).referenced

    def company_tools(self, index: int) -> tuple[Tool, ...]:
        """The tools of the house that know company c; none does where the world ends before it."""
        return self._company_slots[self._chance.slot(index)] if index < self.companies else ()

    def _company(self, index: int) -> Company:
        drawn = self._chance.bytes("company", index)
        language: Language = "pt" if drawn[0] < PORTUGUESE else "en"
        chosen = words(language)
        trade, industry = pick(chosen.trades, drawn, 5)
        return Company(
            index=index,
            name=f"{pick(chosen.family, drawn, 1)[0]} {pick(chosen.family, drawn, 3)[0]} {trade}",
            domain=domain(index),
            city=pick(chosen.cities, drawn, 7),
            country="BR" if language == "pt" else "US",
            industry=industry,
            employee_count=5 + int.from_bytes(drawn[9:11], "big") % 800,
            tools=self.company_tools(index),
        )

    def _member_of_staff(self, index: int) -> Staff:
        drawn, chosen = self._chance.bytes("staff", index), words("pt")
        (given, local), (family, _) = pick(chosen.given, drawn, 0), pick(chosen.family, drawn, 2)
        return Staff(index=index, given_name=given, family_name=family, email=f"{local}.{index}@ciclo.example")

    def employees(self, company: int) -> tuple[int, ...]:
        """The people whose employer this truly is, ascending."""
        first = company * PEOPLE_TO_A_COMPANY
        blocks = range(first // SLOTS, (first + PEOPLE_TO_A_COMPANY * 9 - 1) // SLOTS + 1)
        return tuple(index for block in blocks for index in self._block_employees(block).get(company, ()))

    def _employees_of_block(self, block: int) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index in range(block * SLOTS, min((block + 1) * SLOTS, self.people)):
            employer = self.person(index).company
            if employer is not None:
                found.setdefault(employer, []).append(index)
        return found

    def known_employees(self, company: int, tool: Tool) -> list[int]:
        """The people of a tool whom it has with this company, rightly or not, ascending."""
        truly = (*self.employees(company), *self.employees(company + 1), *(self.employees(0) if company == 1 else ()))
        return sorted(i for i in truly if self.knows(tool, i) and self.as_seen(i, tool).company == company)

    def addressed(self, email: str) -> list[int]:
        """The people whose address this may be: their index is written in it."""
        found = re.search(r"(\d+)(?:\+[^@]*)?@", email)
        index = int(found[1]) if found else self.people
        if index >= self.people:
            return []
        partner = self._people.partner(index)
        return [index] if partner is None or partner >= self.people else [index, partner]

    def bytes(self, what: str, *keys: object) -> bytes:
        """Thirty-two bytes that always come out the same, for what a stand-in alone invents."""
        return self._chance.bytes(what, *keys)

    def deal(self, index: int, tool: Tool, number: int) -> Deal:
        """The deal with this number that a tool has about person i."""
        return deal(draw(self._chance, self.person(index), "deal", tool, number))

    def ticket(self, index: int, tool: Tool, number: int) -> Ticket:
        """The ticket with this number that person i opened in a tool."""
        rated = number == 0 and self._people.slot(index).rated and _keeps(tool, "survey_response")
        return ticket(draw(self._chance, self.person(index), "ticket", tool, number), rated=rated)

    def order(self, index: int, tool: Tool, number: int) -> Order:
        """The order with this number that person i placed in a tool."""
        return order(draw(self._chance, self.person(index), "order", tool, number))

    def stamps(self, tool: Tool, kind: Kind, index: int, number: int = 0) -> tuple[int, int]:
        """When a record was made and last changed, in milliseconds since 1970: quicker than making the record."""
        if kind in ("contact", "company"):
            return self._chance.span(kind, tool, index)
        known, _ = self._chance.span("contact", tool, index)
        return self._chance.since(known, "ticket" if kind == "survey_response" else kind, tool, index, number)

    def _shelf(self, tool: Tool, kind: Kind) -> Shelf:
        members = self.companies if kind == "company" else self.people
        if kind == "company":
            counts = [int(self._company_known(tool, place)) for place in range(SLOTS)]
        else:
            counts = self._counts(tool, lambda slot: _count(slot, tool, kind))
        return Shelf(members=members, width=_WIDTH[kind], counts=counts, slot=self._chance.slot)

    def shelf_of(self, tool: Tool, count: Callable[[Slot], int], *, width: int = 1) -> Shelf:
        """What only one tool keeps: so many records, at most `width`, of each person whom it knows, by what they are."""
        return Shelf(members=self.people, width=width, counts=self._counts(tool, count), slot=self._chance.slot)

    def _counts(self, tool: Tool, count: Callable[[Slot], int]) -> list[int]:
        slots = enumerate(self._people.slots)
        return [count(slot) if self._people.known(tool, place) else 0 for place, slot in slots]

    def count(self, tool: Tool, kind: Kind) -> int:
        """How many live records of a kind a tool shows."""
        return len(self.shelf(tool, kind))

    def keys(self, tool: Tool, kind: Kind) -> Iterator[tuple[int, int]]:
        """Each record of a kind in a tool: the person's or company's index, and the record's number there."""
        return (divmod(number, _WIDTH[kind]) for number in self.shelf(tool, kind))

    def known_to(self) -> dict[int, int]:
        """How many people are known to so many tools of the house."""
        full, rest = divmod(self.people, SLOTS)
        tail = Counter(len(self.tools(index)) for index in range(full * SLOTS, full * SLOTS + rest))
        return {size: times * full + tail[size] for size, times in KNOWN_TO.items()}


def record_id(kind: Kind, index: int, number: int = 0) -> int:
    """The whole number that tools use as a record's id, or build it from."""
    return FIRST_ID[kind] + index * _WIDTH[kind] + number


def record_key(kind: Kind, identity: int) -> tuple[int, int]:
    """The reverse of `record_id`."""
    return divmod(identity - FIRST_ID[kind], _WIDTH[kind])


def _keeps(tool: Tool, kind: Kind) -> bool:
    """Whether a tool has records of a kind; one that is not of the house has those that its stand-in asks for."""
    return tool in _KEPT_IN[kind] or tool not in TOOLS


def _count(slot: Slot, tool: Tool, kind: Kind) -> int:
    """How many records of a kind a tool has about a person in this slot, provided that it knows them."""
    if kind == "ticket" and tool == "hubspot":
        return int(slot.crm_ticket)
    if not _keeps(tool, kind):
        return 0
    answers = int(slot.rated and slot.tickets > 0)
    amounts = {"contact": 1, "deal": slot.deals, "ticket": slot.tickets, "order": slot.orders}
    return amounts.get(kind, answers)


__all__ = [
    "COMPANY_TOOLS", "FIRST_ID", "TOOLS", "Company", "Deal", "Kind", "Order", "Person", "Seen", "Slot", "Staff", "Ticket",
    "Tool", "World", "record_id", "record_key",
]  # fmt: skip  # what stand-ins import from here
