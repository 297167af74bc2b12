"""What Gainsight's records mean.  A field of a looked-up record comes under a key with a dot in it, such as `TypeId__gr.Name`."""

from decimal import Context, Decimal
from typing import Any

from hub import model
from hub.spec import Mapping, Record, Rule, Terms, choose, constant, convert, field, first, join, many, money, pluck, texts, times

# Statuses are a tenant's own; of any other a person is asked.
_STATUSES = {
    "Active": model.SubscriptionStatus.ACTIVE,
    "Churn": model.SubscriptionStatus.ENDED,
    "Churned": model.SubscriptionStatus.ENDED,
}
# The types that Gainsight brings along: https://support.gainsight.com/gainsight_nxt/API_and_Developer_Docs/Timeline_API/Timeline_APIs
_KINDS = {
    "Update": model.ActivityKind.NOTE,
    "Milestone": model.ActivityKind.NOTE,
    "Call": model.ActivityKind.CALL,
    "Email": model.ActivityKind.EMAIL,
    "Meeting": model.ActivityKind.MEETING,
    "In-Person Meeting": model.ActivityKind.MEETING,
}
# Holds the cents of any amount that is taken.
_PRECISE = Context(prec=40)
_MRR, _ARR = (money(amount, "CurrencyIsoCode", answer="currency") for amount in ("Mrr", "Arr"))


def _day(moment: Any) -> str | None:
    return found.date().isoformat() if (found := convert.instant(moment)) else None


def _called(path: str) -> Rule:
    """What the item of a picklist is called that Gainsight gives by its id; what the picklists do not tell is as it is said."""

    def called(record: Record, terms: Terms) -> Any:
        said = field(path).apply(record, terms)
        return next((items[said] for items in terms.pipelines.values() if said in items), said)

    return Rule(reads=(path,), apply=called, pipelines=True)


_SCORE = "CurrentScore__gr.Score"
_STAGE, _STATUS, _LISTED = _called("Stage"), _called("Status"), choose("Status", _STATUSES)


def _status(record: Record, terms: Terms) -> Any:
    return _LISTED.apply({"Status": _STATUS.apply(record, terms)}, terms)


def _item(option: Any) -> model.PipelineStage | None:
    item, label = convert.text(pluck(option, "value")), convert.text(pluck(option, "label"))
    return model.PipelineStage(id=item, name=label, category=label) if item and label else None


def _scores(record: Record, _terms: Terms) -> tuple[model.ExternalScore, ...]:
    """The overall score; every kind of scorecard, be it of numbers, grades or colours, has one from 0 to 100 behind it."""
    # https://support.gainsight.com/gainsight_nxt/Gainsight_Object_Glossary/CS_Object_Glossary/Scorecard_Objects
    said, limits = convert.number(record.get(_SCORE)), {"minimum": Decimal(0), "maximum": Decimal(100)}
    return () if said is None else (model.ExternalScore(name="Gainsight health", value=said, higher_is_better=True, **limits),)


def _email(address: Any) -> model.Email | None:
    said = convert.text(address)
    return model.Email(address=said, primary=True) if said else None


def _each(path: str, form: str = "{}") -> Rule:
    """Each of what is said in a list, once."""

    def each(record: Record, terms: Terms) -> tuple[str, ...]:
        return tuple(dict.fromkeys(form.format(said) for said in many(path).apply(record, terms)))

    return Rule(reads=(path,), apply=each)


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
        "status": Rule(reads=_LISTED.reads, apply=_status, options=_LISTED.options, pipelines=True),
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
    "asserted_stage": first(_STAGE, _STATUS),
    "scores": Rule(reads=(_SCORE,), apply=_scores),
    "external_ids": _each("SfdcAccountId", "salesforce:company:{}"),
    "custom": _kept("Status", "Arr", "Mrr"),
    **_CHANGED,
}
_CONTACT = {
    **texts("given_name=FirstName family_name=LastName time_zone=Timezone"),
    "full_name": first(field("Name"), join("FirstName", "LastName")),
    "emails": many("Email", _email),
    "company_ids": _each("employed.Company_ID"),
    "external_ids": _each("employed.SfdcContactId", "salesforce:contact:{}"),
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
_PICKLIST = {"name": first(field("label"), field("fieldName")), "stages": many("options", _item)}
_OF_CALLS = (
    "EntityType IsImportant Comments associatedRecords TypeId* ReasonId* StatusId* PriorityId* OwnerId__gr* CompanyId__gr* "
)

MAPPINGS = (
    _mapped(model.Owner, "owners", texts("name=Name email=Email")),
    Mapping(type=model.Pipeline, stream="picklists", rules=_PICKLIST, ignored=("*",)),
    _mapped(model.Company, "companies", _COMPANY, ignored=("OriginalContractDate", "contracted")),
    # A contract is told once: by the relationships of a company where any has one, else by the company itself.
    _mapped(model.Subscription, "companies", _contract("Gsid"), unless={**_UNSIGNED, "contracted": ({},)}),
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
