"""What ChurnZero's records mean: https://app.churnzero.net/developers ."""

from decimal import Decimal
from typing import Any

from hub import model, spec
from hub.spec import Mapping, Record, Rule, Terms, convert, decide, emails, field, first, join, many, records, texts, times

_DONE = "completed"
_HEALTHY = "a healthy customer"
_SURVEYS = {
    "NPS": model.SurveyKind.NPS,
    "Net Promoter Score": model.SurveyKind.NPS,
    "CSAT": model.SurveyKind.CSAT,
    "Customer Satisfaction": model.SurveyKind.CSAT,
    "CES": model.SurveyKind.CES,
    "Customer Effort Score": model.SurveyKind.CES,
}
_NAMED = tuple(spec.choose(path, _SURVEYS) for path in ("SurveyType", "SurveyName", "SurveyId"))


def _scores(record: Record, terms: Terms) -> tuple[model.ExternalScore, ...]:
    """The primary ChurnScore, which points where the admin said."""
    said, high = convert.number(record.get("PrimaryChurnScoreValue")), terms.answers.get("direction")
    if said is None:
        return ()
    better = None if high is None else high == _HEALTHY
    return (
        model.ExternalScore(name="ChurnScore", value=said, minimum=Decimal(0), maximum=Decimal(100), higher_is_better=better),
    )


def _onboarded(record: Record, terms: Terms) -> Any:
    """When the first of the journeys ended that the admin calls onboarding."""
    ended = [
        convert.instant(each.get("EndDate"))
        for each in records(record, "journeys")
        if convert.flag(each.get("IsCompleted"))
        and terms.pipelines.get(convert.text(each.get("JourneyId")) or "", {}).get(_DONE) == model.DealStatus.WON
    ]
    return min((at for at in ended if at), default=None)


def _state(active: Any) -> str | None:
    said = convert.flag(active)
    return None if said is None else "Active" if said else "Inactive"


def _named(record: Record, terms: Terms) -> bool:
    """Whether a journey is among those that the admin calls onboarding."""
    said, names = convert.text(record.get("Name")), terms.answers.get("onboarding", "").split(",")
    return said is not None and said.casefold() in [name.strip().casefold() for name in names]


def _stages(record: Record, terms: Terms) -> tuple[model.PipelineStage, ...]:
    """A journey has one stage that counts: its end, which is won where it ends onboarding."""
    ends = model.DealStatus.WON if _named(record, terms) else model.DealStatus.OPEN
    return (model.PipelineStage(id=_DONE, name="Completed", category=str(ends)),)


def _purpose(record: Record, terms: Terms) -> model.PipelineKind | None:
    return model.PipelineKind.ONBOARDING if _named(record, terms) else None


def _in_crm(kind: str) -> Rule:
    """The same record in the CRM that the admin named; of another CRM the id says nothing."""

    def references(record: Record, terms: Terms) -> tuple[str, ...]:
        said, crm = convert.text(record.get("CrmId")), terms.answers.get("crm")
        return (f"{crm}:{kind}:{said}",) if said and crm else ()

    return Rule(reads=("CrmId",), apply=references)


def _kept(*keys: str) -> Rule:
    """The fields of the tenant's own making, and what no field of ours holds, under their names there."""

    def kept(own: Any, *values: Any) -> dict[str, Any] | None:
        found = {**(own if isinstance(own, dict) else {}), **dict(zip(keys, values, strict=True))}
        return {key: value for key, value in found.items() if value not in (None, "", [])} or None

    return decide(kept, "Cf", *keys)


def _measured(record: Record, terms: Terms) -> Any:
    """What a survey measures, by the first of its names that there is."""
    return next((said for rule in _NAMED if (said := rule.apply(record, terms)) is not None), None)


def _limit(number: int) -> Rule:
    """NPS is asked from 0 to 10; how far other surveys reach nobody says."""

    def limit(record: Record, terms: Terms) -> Decimal | None:
        return Decimal(number) if _measured(record, terms) == model.SurveyKind.NPS else None

    return Rule(reads=_KIND.reads, apply=limit)


def _answered(score: Any, at: Any, made: Any) -> Any:
    """When a survey was answered; without a score it was only sent."""
    return None if convert.number(score) is None else convert.instant(at) or convert.instant(made)


def _times_used(quantity: Any) -> int:
    said = convert.whole(quantity)
    return 1 if said is None else said


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule], *ignored: str) -> Mapping:
    return Mapping(type=kind, stream=stream, id="Id", rules=rules, ignored=ignored)


_CHANGED = times(created_at="ObjectCreatedDate", changed_at="ObjectLastModifiedDate")
_KIND = Rule(reads=tuple(path for rule in _NAMED for path in rule.reads), apply=_measured, options=tuple(model.SurveyKind))
_ACCOUNT = {
    **texts("name=Name city=BillingAddressCity country=BillingAddressCountry csm_id=OwnerUserAccountId"),
    "parent_company_id": first(field("ParentAccountId"), field("DirectParentAccountId")),
    "renewal_date": field("NextRenewalDate", convert.day),
    "onboarded_at": Rule(reads=("journeys",), apply=_onboarded, pipelines=True),
    "asserted_stage": decide(_state, "IsActive"),
    "tags": many("Tags"),
    "scores": Rule(reads=("PrimaryChurnScoreValue",), apply=_scores),
    "external_ids": _in_crm("company"),
    "custom": _kept("ExternalId", "TotalContractAmount", "StartDate", "EndDate", "LicenseCount", "UsageFrequency"),
    **_CHANGED,
}
_CONTACT = {
    **texts("given_name=FirstName family_name=LastName"),
    "full_name": first(field("FullName"), field("Name"), join("FirstName", "LastName")),
    "emails": emails(field("Email")),
    "company_ids": many("AccountId"),
    "tags": many("Tags"),
    "external_ids": _in_crm("contact"),
    "custom": _kept("ExternalId", "MarketingEmailUnsubscribed"),
    **_CHANGED,
}
_PROGRESS = {
    "kind": spec.constant(model.ActivityKind.TASK),
    "direction": spec.constant(model.Direction.NONE),
    "subject": first(field("JourneyName"), field("JourneyId")),
    "occurred_at": field("BeginDate", convert.instant),
    "company_ids": many("AccountId"),
    "custom": _kept("JourneyId", "Status", "IsCompleted", "IsFailed", "EndDate", "FailureReason", "FailureComment"),
    **_CHANGED,
}
_ANSWER = {
    **texts("respondent_id=ContactId company_id=AccountId survey_id=SurveyId comment=Comment"),
    "kind": _KIND,
    "score": field("Score", convert.number),
    "scale_min": _limit(0),
    "scale_max": _limit(10),
    "responded_at": decide(_answered, "Score", "ResponseDate", "ObjectCreatedDate"),
    "answers": _kept("Source"),
    **_CHANGED,
}
_EVENT = {
    **texts("contact_id=ContactId company_id=AccountId"),
    "event_key": first(field("EventTypeName"), field("EventTypeId")),
    "date": field("EventDate", convert.day),
    "count": decide(_times_used, "Quantity"),
    "custom": _kept("AccountExternalId", "ContactExternalId", "Description"),
}
_OWNER = {
    "name": first(field("FullName"), field("Name"), join("FirstName", "LastName")),
    "email": first(field("Email"), field("UserName")),
    "active": field("IsActive", convert.flag),
}
_JOURNEY = {
    "name": field("Name"),
    "kind": Rule(reads=("Name",), apply=_purpose),
    "stages": Rule(reads=("Name",), apply=_stages),
    **_CHANGED,
}

MAPPINGS = (
    _mapped(model.Owner, "owners", _OWNER),
    _mapped(model.Pipeline, "journeys", _JOURNEY, "Description", "IsActive"),
    _mapped(model.Company, "accounts", _ACCOUNT, "Billing*", "TenureInDays", "ContactsCount", "PrimaryChurnScoreId"),
    _mapped(model.Contact, "contacts", _CONTACT),
    _mapped(model.Activity, "progress", _PROGRESS, "JourneyInstanceId", "Days*", "EvaluationDay"),
    _mapped(model.SurveyResponse, "answers", _ANSWER),
    _mapped(model.UsageDaily, "events", _EVENT, "EventTypeId", *_CHANGED["created_at"].reads, *_CHANGED["changed_at"].reads),
)
