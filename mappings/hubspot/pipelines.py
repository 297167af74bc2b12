"""HubSpot's pipelines, and which of their stages end something.

https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hub.model import DealStatus, Pipeline, PipelineKind, PipelineStage, TicketStatus
from hub.spec import Mapping, Record, Rule, constant, convert, decide, field, pluck, records

_WAITING = {"new": TicketStatus.NEW, "waiting on contact": TicketStatus.PENDING, "waiting on us": TicketStatus.OPEN}
"""By the names that HubSpot itself gives to the open stages it makes; an open stage of another name is just open."""


def _deal_stage(_name: str | None, metadata: Any) -> str:
    closed, chance = convert.flag(pluck(metadata, "isClosed")), convert.number(pluck(metadata, "probability"))
    if closed is False:
        return DealStatus.OPEN
    ends = {Decimal(1): DealStatus.WON, Decimal(0): DealStatus.LOST}
    return ends.get(chance, DealStatus.UNKNOWN) if closed and chance is not None else DealStatus.UNKNOWN


def _ticket_stage(name: str | None, metadata: Any) -> str:
    states = {"CLOSED": TicketStatus.CLOSED, "OPEN": _WAITING.get((name or "").casefold(), TicketStatus.OPEN)}
    return states.get(convert.text(pluck(metadata, "ticketState")) or "", TicketStatus.UNKNOWN)


def _stages(category: Callable[[str | None, Any], str]) -> Rule:
    def stage_of(record: Record) -> PipelineStage | None:
        key, name, metadata = convert.text(record.get("id")), convert.text(record.get("label")), record.get("metadata")
        chance = convert.number(pluck(metadata, "probability"))
        return PipelineStage(id=key, name=name, category=category(name, metadata), probability=chance) if key else None

    def stages(found: Any) -> tuple[PipelineStage, ...]:
        ordered = sorted(records(found, ""), key=lambda held: convert.number(held.get("displayOrder")) or 0)
        return tuple(each for held in ordered if (each := stage_of(held)))

    return decide(stages, "stages")


def _pipeline(stream: str, kind: PipelineKind, category: Callable[[str | None, Any], str]) -> Mapping:
    rules = {**TIMES, "name": field("label"), "kind": constant(kind), "stages": _stages(category)}
    return Mapping(type=Pipeline, stream=stream, rules=rules, ignored=("archived", "displayOrder"))


TIMES: Final = {"created_at": field("createdAt", convert.instant), "changed_at": field("updatedAt", convert.instant)}
PIPELINES: Final = (
    _pipeline("deal_pipelines", PipelineKind.SALES, _deal_stage),
    _pipeline("ticket_pipelines", PipelineKind.SUPPORT, _ticket_stage),
)
