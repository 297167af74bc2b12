"""What Salesforce says of selling: leads and what became of them, opportunities, and the stages that they go through."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.model import DealKind, DealStatus, DealStep, LeadStatus, PipelineKind, PipelineStage
from hub.spec import Record, Rule, Terms, choose, constant, convert, decide, many, money, pluck, records, texts, times

_LEADS = dict.fromkeys(("Open - Not Contacted", "New"), LeadStatus.NEW) | {
    "Working - Contacted": LeadStatus.WORKING,
    "Contacted": LeadStatus.WORKING,
    "Nurturing": LeadStatus.NURTURING,
    "Qualified": LeadStatus.QUALIFIED,
    "Closed - Converted": LeadStatus.CONVERTED,
    "Closed - Not Converted": LeadStatus.UNQUALIFIED,
    "Unqualified": LeadStatus.UNQUALIFIED,
}
_KINDS = dict.fromkeys(("New Customer", "New Business"), DealKind.NEW_BUSINESS) | {
    "Existing Customer - Upgrade": DealKind.EXPANSION,
    "Renewal": DealKind.RENEWAL,
}
"""Without what may be an expansion as well as a renewal, such as `Existing Business`: a person is asked."""
_PIPELINE = "OpportunityStage"
"""The one pipeline, which all stages together are."""
_CATEGORIES: dict[str, DealStatus] = {one.value: one for one in (DealStatus.OPEN, DealStatus.WON, DealStatus.LOST)}


def person(found: Any) -> str | None:
    """The id of a user; the owner of a lead or a case may also be a queue, which is nobody.

    The first three characters of an id tell its kind: https://help.salesforce.com/s/articleView?id=000385203
    """
    said = convert.text(found)
    return said if said and said.startswith("005") else None


def ids(found: Any) -> tuple[str, ...]:
    """The one id that a field holds."""
    return (said,) if (said := convert.text(found)) else ()


def _start(found: Any, terms: Terms) -> datetime | None:
    """When a day began where the organisation is."""
    day = convert.day(found)
    try:
        zone = ZoneInfo(terms.answers.get("time_zone") or "UTC")
        return datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC) if day else None
    except (ZoneInfoNotFoundError, OverflowError) as error:
        raise ValueError("not a day of a time zone") from error


def _lead_status(record: Record, terms: Terms) -> Any:
    return LeadStatus.CONVERTED if convert.flag(record.get("IsConverted")) else _LEAD_STATUS.apply(record, terms)


def _level(record: Record, terms: Terms) -> str | None:
    return "sales" if _lead_status(record, terms) in (LeadStatus.QUALIFIED, LeadStatus.CONVERTED) else None


def _converted(record: Record, terms: Terms) -> datetime | None:
    # https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_lead.htm: a day.
    return _start(record.get("ConvertedDate"), terms) if convert.flag(record.get("IsConverted")) else None


def _status(closed: Any, won: Any) -> DealStatus | None:
    ended = {True: DealStatus.LOST, False: DealStatus.OPEN, None: None}
    return DealStatus.WON if convert.flag(won) else ended[convert.flag(closed)]


def _rows(record: Record) -> list[tuple[datetime, str | None]]:
    """When it was in which stage, the eldest row first.

    A row is written at every change of the stage, the amount, the probability or the day of closing:
    https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunityhistory.htm
    """
    rows = [(convert.instant(row.get("CreatedDate")), convert.text(row.get("StageName"))) for row in records(record, "history")]
    return sorted(((at, stage) for at, stage in rows if at), key=lambda row: row[0])


def _history(record: Record, terms: Terms) -> tuple[DealStep, ...]:
    known = {stage: _CATEGORIES.get(said) for stage, said in terms.pipelines.get(_PIPELINE, {}).items()}
    return tuple(DealStep(at=at, stage_id=stage, status=known.get(stage or "")) for at, stage in _rows(record))


def _reached(record: Record) -> datetime | None:
    """When the present stage was reached for good: the first row of its last run in the history, else what its field says."""
    found = None
    for at, stage in reversed(_rows(record)):
        if stage != convert.text(record.get("StageName")):
            break
        found = at
    return found or convert.instant(record.get("LastStageChangeDate"))


def _ended(record: Record, terms: Terms) -> tuple[DealStatus | None, datetime | None, bool]:
    """How it ended and when, and whether that is only the day of closing, which anybody may edit: where no history tells."""
    status = _STATUS.apply(record, terms)
    if status not in (DealStatus.WON, DealStatus.LOST):
        return None, None, False
    reached = _reached(record)
    return status, reached or _start(record.get("CloseDate"), terms), not reached


def _end(*when: DealStatus) -> Rule:
    def apply(record: Record, terms: Terms) -> datetime | None:
        status, at, _ = _ended(record, terms)
        return at if status in when else None

    return Rule(reads=("CloseDate", "LastStageChangeDate", "StageName", "history", *_STATUS.reads), apply=apply)


def _only_days(record: Record, terms: Terms) -> tuple[str, ...]:
    status, at, day = _ended(record, terms)
    return ("closed_at", "won_at" if status == DealStatus.WON else "lost_at") if at and day else ()


def _contacts(roles: Any, contact: Any) -> tuple[str, ...]:
    """The one who counts first comes first."""
    ordered = sorted(records(roles, ""), key=lambda role: role.get("IsPrimary") is not True)
    named = (one for found in (*(role.get("ContactId") for role in ordered), contact) for one in ids(found))
    return tuple(dict.fromkeys(named))


def _reason(record: Record, terms: Terms) -> str | None:
    return convert.text(pluck(record, f"custom.{terms.answers.get('loss_reason', '')}"))


def _share(percent: Any) -> Any:
    return None if (found := convert.number(percent)) is None else found.scaleb(-2)


def _stages(found: Any) -> tuple[PipelineStage, ...]:
    def stage(row: Record, key: str) -> PipelineStage:
        category = _status(row.get("IsClosed"), row.get("IsWon")) or DealStatus.UNKNOWN
        chance = _share(row.get("DefaultProbability"))
        return PipelineStage(id=key, name=convert.text(row.get("MasterLabel")), category=category, probability=chance)

    rows = records(found, "")
    return tuple(stage(row, key) for row in rows if (key := convert.text(row.get("ApiName") or row.get("MasterLabel"))))


_LEAD_STATUS = choose("Status", _LEADS)
_STATUS = decide(_status, "IsClosed", "IsWon")
_CONVERTED = Rule(reads=("ConvertedDate", "IsConverted"), apply=_converted)
STAGES: Final = {
    "name": constant("Opportunities"),
    "kind": constant(PipelineKind.SALES),
    "stages": decide(_stages, "records"),
}
LEAD: Final[dict[str, Rule]] = {
    "contact_id": decide(lambda mine, became: convert.text(became) or convert.text(mine), "Id", "ConvertedContactId"),
    **texts("company_id=ConvertedAccountId deal_id=ConvertedOpportunityId raw_status=Status source=LeadSource"),
    "status": Rule(reads=("Status", "IsConverted"), apply=_lead_status, options=tuple(LeadStatus)),
    "level": Rule(reads=("Status", "IsConverted"), apply=_level),
    **times(captured_at="CreatedDate"),
    "qualified_at": _CONVERTED,
    "converted_at": _CONVERTED,
    "days": Rule(reads=(), apply=lambda record, terms: ("converted_at", "qualified_at") if _converted(record, terms) else ()),
}
DEAL: Final[dict[str, Rule]] = {
    **texts("name=Name stage_id=StageName"),
    "status": _STATUS,
    "pipeline_id": constant(_PIPELINE),
    "amount": money("Amount", "CurrencyIsoCode", answer="currency"),
    "probability": decide(_share, "Probability"),
    "kind": choose("Type", _KINDS),
    **times(opened_at="CreatedDate"),
    "expected_close_on": decide(lambda closed, day: None if convert.flag(closed) else convert.day(day), "IsClosed", "CloseDate"),
    "closed_at": _end(DealStatus.WON, DealStatus.LOST),
    "won_at": _end(DealStatus.WON),
    "lost_at": _end(DealStatus.LOST),
    "history": Rule(reads=("history",), apply=_history, pipelines=True),
    "lost_reason": Rule(reads=("custom",), apply=_reason),
    "days": Rule(reads=("CloseDate",), apply=_only_days),
    "contact_ids": decide(_contacts, "roles", "ContactId"),
    "company_ids": many("AccountId"),
    "owner_id": decide(person, "OwnerId"),
}
