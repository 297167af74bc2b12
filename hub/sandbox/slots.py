"""What a member of the world is by its slot: every block of two hundred repeats these tables, so that rates are exact.

The tools of the house are dealt out by one table. Any other tool knows a share of the same people and firms, drawn from
the seed and its own name, so that a further stand-in changes nothing for those that were there before.
"""

import random
from dataclasses import dataclass
from enum import Enum

from hub.sandbox.shelf import SLOTS

Tool = str
"""The id of a connector."""
TOOLS: tuple[Tool, ...] = ("hubspot", "zendesk", "bottlecrm", "rt", "pretix")
"""The tools of the house."""
COMPANY_TOOLS: tuple[Tool, ...] = ("hubspot", "zendesk", "bottlecrm")

KNOWN_TO = {1: 90, 2: 60, 3: 30, 4: 12, 5: 8}
"""How many of two hundred people are known to so many tools of the house."""
KNOWN_BESIDE = 80
"""How many of two hundred people, or firms, any other tool knows."""
_TOOL_WEIGHTS = {"hubspot": 5, "zendesk": 4, "bottlecrm": 2, "rt": 2, "pretix": 3}


class Trait(Enum):
    """What makes a person hard to recognise."""

    PLAIN = "plain"
    FAMILY = "two people share one mailbox"
    SHARED_PHONE = "two people share one phone"
    NAMESAKE = "two people have one name"
    REASSIGNED = "an address went from one person to another"
    TYPO = "misspelt in one tool"
    JOB_CHANGE = "one tool still has the former employer"
    TAGGED = "one tool has the address with a tag or in other letter case"
    ROLE = "one tool has only the company's role mailbox"


TRAITS = {
    Trait.FAMILY: 8,
    Trait.SHARED_PHONE: 8,
    Trait.NAMESAKE: 8,
    Trait.REASSIGNED: 6,
    Trait.TYPO: 14,
    Trait.JOB_CHANGE: 12,
    Trait.TAGGED: 16,
    Trait.ROLE: 4,
}
"""How many of two hundred people have a trait; the first four come in pairs of neighbouring slots."""
PAIRED = (Trait.FAMILY, Trait.SHARED_PHONE, Trait.NAMESAKE, Trait.REASSIGNED)

# How many of two hundred people have 0, 1, 2, ... of a thing in each tool that knows them and keeps such things.
_DEALS, _TICKETS, _ORDERS = (100, 70, 30), (110, 50, 24, 16), (50, 80, 50, 20)
_CRM_TICKETS, _RATED, _REFERENCED = 12, 70, 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """`rated`: the first ticket has an answer; `referenced`: one tool carries the id that another tool uses.

    `tools` are those of the house.
    """

    trait: Trait
    tools: tuple[Tool, ...]
    deals: int
    tickets: int
    orders: int
    crm_ticket: bool
    rated: bool
    referenced: bool


def _spread(chance: random.Random, sizes: tuple[int, ...]) -> list[int]:
    amounts = [amount for amount, times in enumerate(sizes) for _ in range(times)]
    chance.shuffle(amounts)
    return amounts


def _tool_set(chance: random.Random, size: int) -> tuple[Tool, ...]:
    left = list(TOOLS)
    while len(left) > size:
        left.remove(chance.choices(left, [1 / _TOOL_WEIGHTS[tool] for tool in left])[0])
    return tuple(left)


def slots(seed: int) -> tuple[Slot, ...]:
    """The table of people; the traits stand first in it, in the order of TRAITS."""
    chance = random.Random(seed)
    traits = [trait for trait, times in TRAITS.items() for _ in range(times)]
    traits += [Trait.PLAIN] * (SLOTS - len(traits))
    sizes = [size for size, times in KNOWN_TO.items() for _ in range(times)]
    chance.shuffle(sizes)
    deals, tickets, orders = (_spread(chance, sizes_of) for sizes_of in (_DEALS, _TICKETS, _ORDERS))
    marked = [_spread(chance, (SLOTS - times, times)) for times in (_CRM_TICKETS, _RATED, _REFERENCED)]
    return tuple(
        Slot(
            trait=traits[place],
            tools=_tool_set(chance, sizes[place]),
            deals=deals[place],
            tickets=tickets[place],
            orders=orders[place],
            crm_ticket=bool(marked[0][place]),
            rated=bool(marked[1][place]),
            referenced=bool(marked[2][place]),
        )
        for place in range(SLOTS)
    )


def company_slots(seed: int) -> tuple[tuple[Tool, ...], ...]:
    """The tools that know a company, for each slot of companies."""
    chance = random.Random(seed + 1)
    choices: tuple[tuple[Tool, ...], ...] = (
        ("hubspot",),
        ("zendesk",),
        ("hubspot", "zendesk"),
        ("hubspot", "bottlecrm"),
        COMPANY_TOOLS,
        ("bottlecrm",),
    )
    table = [choice for choice, times in zip(choices, (70, 14, 60, 20, 24, 12), strict=True) for _ in range(times)]
    chance.shuffle(table)
    return tuple(table)


def known_beside(seed: int, tool: Tool, kind: str) -> frozenset[int]:
    """The slots of people or firms that a tool knows which is not of the house."""
    return frozenset(random.Random(f"{seed} {tool} {kind}").sample(range(SLOTS), KNOWN_BESIDE))
