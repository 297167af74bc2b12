"""What Gainsight's records mean.  A field of a looked-up record comes under a key with a dot in it, such as `TypeId__gr.Name`."""

from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

from hub import model
from hub.spec import (
    Mapping,
    Record,
    Rule,
    Terms,
    choose,
    constant,
    convert,
    decide,
    field,
    first,
    join,
    many,
    money,
    records,
    texts,
    times,
)

_STATUSES = {
    "Active": model.SubscriptionStatus.ACTIVE,
    "Churn": model.SubscriptionStatus.ENDED,
    "Churned": model.SubscriptionStatus.ENDED,
}
"""Statuses are a tenant's own; of any other, and of one that Gainsight gives by its id, a person is asked."""
_KINDS = {
    "Update": model.ActivityKind.NOTE,
    "Milestone": model.ActivityKind.NOTE,
    "Call": model.ActivityKind.CALL,
    "Email": model.ActivityKind.EMAIL,
    "Meeting": model.ActivityKind.MEETING,
    "In-Person Meeting": model.ActivityKind.MEETING,
}
"""The types that Gainsight brings along: https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Timeline_API/Timeline_APIs"""
_PRECISE = Context(prec=40)
"""Holds the cents of any amount that is taken."""
_MRR, _ARR = (money(amount, "CurrencyIsoCode", answer="currency") for amount in ("Mrr", "Arr"))


def _flat(key: str, as_: Callable[[Any], Any] = convert.text) -> Rule:
    """What lies under a key that has a dot in it."""
    return Rule(reads=(key,), apply=lambda record, _terms: as_(record.get(key)))


def _day(moment: Any) -> str | None:
    return found.date().isoformat() if (found := convert.instant(moment)) else None


def _scores(score: Any) -> tuple[model.ExternalScore, ...]:
    """The overall score; every kind of scorecard, be it of numbers, grades or colours, has one from 0 to 100 behind it."""
    # https://support.gainsight.com/gainsight_nxt/Gainsight_Object_Glossary/CS_Object_Glossary/Scorecard_Objects
    said, limits = convert.number(score), {"minimum": Decimal(0), "maximum": Decimal(100)}
    return () if said is None else (model.ExternalScore(name="Gainsight health", value=said, higher_is_better=True, **limits),)


def _emails(address: Any) -> tuple[model.Email, ...]:
    said = convert.text(address)
    return (model.Email(address=said, primary=True),) if said else ()


def _named(kind: str, *ids: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"salesforce:{kind}:{said}" for each in ids if (said := convert.text(each))))


def _companies(employed: Any) -> tuple[str, ...]:
    said = (convert.text(each.get("Company_ID")) for each in records(employed, ""))
    return tuple(dict.fromkeys(company for company in said if company))


def _contacts(employed: Any) -> tuple[str, ...]:
    return _named("contact", *(each.get("SfdcContactId") for each in records(employed, "")))


def _monthly(record: Record, terms: Terms) -> model.Money | None:
    """What it brings in a month, else the twelfth part of what it brings in a year."""
    year: model.Money | None = _ARR.apply(record, terms)
    twelfth = year and model.Money(amount=(year.amount / 12).quantize(Decimal("0.01"), context=_PRECISE), currency=year.currency)
    return _MRR.apply(record, terms) or twelfth


def _kept(*keys: str) -> Rule:
    """The tenant's own fields, and what no field of ours holds, under their names there."""

    def kept(record: Record, _terms: Terms) -> dict[str, Any] | None:
        own = record.get("custom")
        held = {**(own if isinstance(own, dict) else {}), **{key: record.get(key) for key in keys}}
        return {name: said for name, said in held.items() if said not in (None, "")} or None

    return Rule(reads=("custom", *keys), apply=kept)


def _contract(company: str) -> dict[str, Rule]:
    return {
        "status": choose("Status", _STATUSES),
        "mrr": Rule(reads=_MRR.reads + _ARR.reads[:1], apply=_monthly),
        "days": constant(("started_at", "current_period_end")),
        "company_ids": many(company),
        **times(started_at="OriginalContractDate", current_period_end="RenewalDate"),
        **_CHANGED,
    }


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule], **more: Any) -> Mapping:
    return Mapping(type=kind, stream=stream, id="Gsid", rules=rules, **more)


_CHANGED = times(created_at="CreatedDate", changed_at="ModifiedDate")
_UNSIGNED = {"OriginalContractDate": (None, "")}
_COMPANY = {
    **texts("name=Name industry=Industry parent_company_id=ParentCompany csm_id=Csm"),
    "employee_count": field("Employees", convert.whole),
    "renewal_date": field("RenewalDate", _day),
    "asserted_stage": first(field("Stage"), field("Status")),
    "scores": _flat("CurrentScore__gr.Score", _scores),
    "external_ids": decide(lambda account: _named("company", account), "SfdcAccountId"),
    "custom": _kept("Status", "Arr", "Mrr"),
    **_CHANGED,
}
_CONTACT = {
    **texts("given_name=FirstName family_name=LastName time_zone=Timezone"),
    "full_name": first(field("Name"), join("FirstName", "LastName")),
    "emails": decide(_emails, "Email"),
    "company_ids": decide(_companies, "employed"),
    "external_ids": decide(_contacts, "employed"),
    "custom": _kept("Location"),
    **_CHANGED,
}
_MEMBERSHIP = {
    **texts("contact_id=Person_ID company_id=Company_ID"),
    "title": first(field("Title"), field("Role")),
    "is_primary": field("IsPrimaryCompany", convert.flag),
    "custom": _kept("Role", "Active"),
    **_CHANGED,
}
_NPS = {
    **texts("comment=Comment survey_id=SurveyId respondent_id=PersonId company_id=CompanyId"),
    "custom": _kept(),
    "kind": constant(model.SurveyKind.NPS),
    "score": field("NPSScore", convert.number),
    "scale_min": constant(Decimal(0)),
    "scale_max": constant(Decimal(10)),
    **times(responded_at="RespondedDate", created_at="CreatedAt", changed_at="ModifiedAt"),
}
_ENTRY = {
    **texts("subject=Subject owner_id=AuthorId"),
    "kind": choose("TypeName", _KINDS),
    "company_ids": many("GsCompanyId"),
    "custom": _kept("ContextName"),
    **times(occurred_at="ActivityDate", created_at="CreatedDate", changed_at="LastModifiedDate"),
}
_CALL = {
    **texts("subject=Name owner_id=OwnerId"),
    "kind": constant(model.ActivityKind.TASK),
    "direction": constant(model.Direction.NONE),
    "occurred_at": first(field("ClosedDate", convert.instant), field("CreatedDate", convert.instant)),
    "company_ids": many("CompanyId"),
    "custom": _kept("TypeId__gr.Name", "ReasonId__gr.Name", "StatusId__gr.Name", "PriorityId__gr.Name", "DueDate", "IsClosed"),
    **_CHANGED,
}
_OF_CALLS = (
    "EntityType IsImportant Comments associatedRecords TypeId* ReasonId* StatusId* PriorityId* OwnerId__gr* CompanyId__gr* "
)

MAPPINGS = (
    _mapped(model.Owner, "owners", texts("name=Name email=Email")),
    _mapped(model.Company, "companies", _COMPANY, ignored=("OriginalContractDate", "contracted")),
    # A contract is told once: by the relationships of a company where any has one, else by the company itself.
    _mapped(model.Subscription, "companies", _contract("Gsid"), unless={**_UNSIGNED, "contracted": (True,)}),
    _mapped(
        model.Subscription,
        "relationships",
        {**_contract("CompanyId"), "plan": field("Name"), "custom": _kept("TypeId__gr.Name")},
        unless=_UNSIGNED,
    ),
    _mapped(model.Contact, "contacts", _CONTACT),
    _mapped(model.Membership, "memberships", _MEMBERSHIP),
    _mapped(model.SurveyResponse, "nps", _NPS, ignored=("Deleted",)),
    _mapped(model.Activity, "timeline", _ENTRY),
    _mapped(model.Activity, "calls_to_action", _CALL, ignored=(*_OF_CALLS.split(), "ModifiedById")),
)
