"""What a contact of HubSpot says of itself as a lead: the stages that it entered, and what is made of it there."""

from datetime import datetime
from typing import Any, Final

from hub.model import LeadStatus, LeadStep
from hub.spec import Record, Rule, Terms, choose, convert, field, first, pluck

_LEAD_STATUSES = {
    "NEW": LeadStatus.NEW,
    "OPEN": LeadStatus.WORKING,
    "IN_PROGRESS": LeadStatus.WORKING,
    "ATTEMPTED_TO_CONTACT": LeadStatus.WORKING,
    "CONNECTED": LeadStatus.WORKING,
    "BAD_TIMING": LeadStatus.NURTURING,
    "UNQUALIFIED": LeadStatus.UNQUALIFIED,
}
"""HubSpot's own values but OPEN_DEAL, which may mean that the lead was converted or just what its deal says by itself."""
_SAYS = {
    "subscriber": LeadStatus.NEW,
    "lead": LeadStatus.NEW,
    "marketingqualifiedlead": LeadStatus.QUALIFIED,
    "salesqualifiedlead": LeadStatus.QUALIFIED,
}
"""What the stages before a deal say where nobody keeps the lead's own status; those after it are only assertions."""
_LEVELS = {"salesqualifiedlead": "sales", "marketingqualifiedlead": "marketing"}
STAGE: Final = "properties.lifecyclestage"
_WORKED = "properties.hs_lead_status"
_ENTERED = {stage: f"properties.hs_v2_date_entered_{stage}" for stage in _SAYS}
"""When a stage was entered: https://knowledge.hubspot.com/properties/stage-calculated-properties"""


def _entered(record: Record) -> dict[str, datetime]:
    found = {stage: convert.instant(pluck(record, path)) for stage, path in _ENTERED.items()}
    return {stage: at for stage, at in found.items() if at is not None}


def _captured_at(record: Record, _terms: Terms) -> datetime | None:
    """When it became a subscriber or lead; one that began further on did so when it was entered into HubSpot.

    Somebody of whom only later stages are known, such as a customer that was imported, never was a lead for all we know.
    """
    entered, stage = _entered(record), convert.text(pluck(record, STAGE))
    begun = [at for each, at in entered.items() if each not in _LEVELS]
    if not begun and (entered or stage in _SAYS):
        return convert.instant(pluck(record, "properties.createdate")) or convert.instant(record.get("createdAt"))
    return min(begun, default=None)


def _qualified(record: Record, _terms: Terms) -> tuple[LeadStep, ...]:
    moments = sorted((at, _LEVELS[stage]) for stage, at in _entered(record).items() if stage in _LEVELS)
    return tuple(LeadStep(status=LeadStatus.QUALIFIED, at=at, level=level) for at, level in moments)


def _level(record: Record, _terms: Terms) -> str | None:
    """The furthest that it was ever found fit for."""
    reached = {*_entered(record), convert.text(pluck(record, STAGE))}
    return next((level for stage, level in _LEVELS.items() if stage in reached), None)


def _lead_status(record: Record, terms: Terms) -> Any:
    said = _LEAD_STATUS.apply(record, terms)
    return _SAYS.get(convert.text(pluck(record, STAGE)) or "") if said is None else said


_LEAD_STATUS = choose(_WORKED, _LEAD_STATUSES)
SOURCE: Final = first(field("properties.hs_analytics_source"), field("properties.hs_latest_source"))
"""What led somebody here first, as HubSpot found by itself; the latest where it does not know the first."""
LEAD: Final[dict[str, Rule]] = {
    "contact_id": field("id"),
    "company_id": field("properties.associatedcompanyid"),
    "status": Rule(reads=(_WORKED, STAGE), apply=_lead_status, options=tuple(LeadStatus)),
    "raw_status": field(_WORKED),
    "level": Rule(reads=(*_ENTERED.values(), STAGE), apply=_level),
    "source": SOURCE,
    "captured_at": Rule(reads=(*_ENTERED.values(), STAGE, "properties.createdate", "createdAt"), apply=_captured_at),
    "history": Rule(reads=tuple(_ENTERED.values()), apply=_qualified),
    # When the contact was made says nothing about the lead beyond what `captured_at` takes from it.
    "changed_at": field("updatedAt", convert.instant),
    "url": field("url"),
}
