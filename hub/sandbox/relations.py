"""Which records of one tool belong together: as the world has it, with what was merged since."""

from hub.sandbox.collection import Collection
from hub.sandbox.slots import Tool
from hub.sandbox.world import FIRST_ID, Kind, World, record_id, record_key

_OF_PEOPLE: tuple[Kind, ...] = ("deal", "ticket")


class Relations:
    """The links between the contacts, companies, deals and tickets of one tool."""

    def __init__(self, world: World, tool: Tool, collections: dict[Kind, Collection]) -> None:
        self._world, self._tool, self._collections = world, tool, collections

    def of(self, kind: Kind, identity: int, to: Kind) -> list[int]:
        """The live records of a kind that a record is linked to, ascending; a winner also has its losers' links."""
        found: set[int] = set()
        for one in (identity, *self._collections[kind].losers(identity)):
            if one - FIRST_ID[kind] in self._world.shelf(self._tool, kind):
                found.update(self._of_world(kind, *record_key(kind, one), to))
        merged = {self._collections[to].survivor(other) for other in found}
        return sorted(other for other in merged if self._collections[to].is_live(other))

    def _of_world(self, kind: Kind, index: int, number: int, to: Kind) -> list[int]:
        if kind == "company":
            return self._of_company(index, to)
        if kind == "contact":
            return self._of_person(index, to)
        found = self._world.deal(index, self._tool, number) if kind == "deal" else None
        person = found.person if found else index
        company = found.company if found else self._world.person(index).company
        if to == "contact":
            return [] if person is None else [record_id("contact", person)]
        return self._known_company(company) if to == "company" else []

    def _known_company(self, company: int | None) -> list[int]:
        known = company is not None and self._world.knows_company(self._tool, company)
        return [record_id("company", company)] if company is not None and known else []

    def _of_person(self, index: int, to: Kind) -> list[int]:
        if to == "company":
            return self._known_company(self._world.as_seen(index, self._tool).company)
        if to not in _OF_PEOPLE:
            return []
        return [record_id(to, index, number) for number in self._numbers(index, to)]

    def _of_company(self, company: int, to: Kind) -> list[int]:
        if to == "contact":
            return [record_id("contact", index) for index in self._world.known_employees(company, self._tool)]
        if to not in _OF_PEOPLE:
            return []
        staff = [index for index in self._world.employees(company) if self._world.knows(self._tool, index)]
        return [record_id(to, index, k) for index in staff for k in self._numbers(index, to, of_company=True)]

    def _numbers(self, index: int, kind: Kind, *, of_company: bool = False) -> list[int]:
        """The numbers of a person's deals or tickets that name the person, or else the person's company."""
        shelf = self._world.shelf(self._tool, kind)
        numbers = [k for k in range(shelf.width) if index * shelf.width + k in shelf]
        if kind == "ticket":
            return numbers
        deals = {k: self._world.deal(index, self._tool, k) for k in numbers}
        return [k for k, deal in deals.items() if (deal.company if of_company else deal.person) is not None]
