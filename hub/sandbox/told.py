"""What one tool knows of a record of the world, flat and under plain names, for stand-ins whose records are tables of such names.

Moments are milliseconds since 1970. `owners` are those of the staff who look after it, none or one; `contact` is the id of the
customer whom it is about, with the `email` that this tool has of them; `amount BRL` is the amount where it is in that currency.
"""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from hub.sandbox.chance import milliseconds
from hub.sandbox.rows import Fields
from hub.sandbox.slots import Tool
from hub.sandbox.world import Kind, World, record_id


def told(world: World, tool: Tool, kind: Kind, index: int, number: int = 0) -> Fields:
    """Record `number` of a kind that a tool has of a member of the world."""
    created, updated = world.stamps(tool, kind, index, number)
    stamps = {"created": created, "updated": updated}
    return stamps if kind not in _TOLD else {**stamps, **_TOLD[kind](world, tool, index, number)}


def _contact(world: World, tool: Tool, index: int, _number: int) -> Fields:
    seen = world.as_seen(index, tool)
    name = {"name": f"{seen.given_name} {seen.family_name}", "email": None if seen.email_taken else seen.email}
    return {**_plain(seen), **name, **_firm(world, seen.company)}


def _company(world: World, _tool: Tool, index: int, _number: int) -> Fields:
    return {**_plain(world.company(index)), **_firm(world, index)}


def _deal(world: World, tool: Tool, index: int, number: int) -> Fields:
    deal = world.deal(index, tool, number)
    stage = f"step {deal.step}" if deal.status == "open" else deal.status
    return {**_plain(deal), **_about(world, tool, deal.person), **_firm(world, deal.company), "stage": stage}


def _order(world: World, tool: Tool, index: int, number: int) -> Fields:
    order = world.order(index, tool, number)
    name, amount = f"Order {record_id('order', index, number)}", {f"amount {order.currency}": order.total}
    return {**_plain(order), **_about(world, tool, index), "name": name, **amount}


def _ticket(world: World, tool: Tool, index: int, number: int) -> Fields:
    ticket = world.ticket(index, tool, number)
    return {**_plain(ticket), **_about(world, tool, index), **_firm(world, ticket.company), "name": ticket.subject}


_TOLD: dict[Kind, Callable[[World, Tool, int, int], Fields]] = {
    "contact": _contact,
    "company": _company,
    "deal": _deal,
    "order": _order,
    "ticket": _ticket,
}


def _plain(found: Any) -> dict[str, Any]:
    said = {each.name: getattr(found, each.name) for each in fields(found)}
    said = {name: milliseconds(value) if isinstance(value, datetime) else value for name, value in said.items()}
    owners = {"owners": [] if said["owner"] is None else [said["owner"]]} if "owner" in said else {}
    return {**said, **owners, **({f"amount {said['currency']}": said["amount"]} if "amount" in said else {})}


def _firm(world: World, company: int | None) -> Fields:
    """What a company is called and where its pages are."""
    if company is None:
        return {}
    found = world.company(company)
    return {"company": found.name, "domain": found.domain, "website": f"https://{found.domain}"}


def _about(world: World, tool: Tool, person: int | None) -> Fields:
    if person is None or not world.knows(tool, person):
        return {}
    seen = world.as_seen(person, tool)
    return {"contact": record_id("contact", person), "email": None if seen.email_taken else seen.email}
