"""What Flowlu's records mean: https://www.flowlu.com/api/ ."""

from collections.abc import Callable
from typing import Any

from hub import model
from hub.spec import Mapping, Record, Rule, Terms, choose, constant, convert, decide, field, first, join, money, texts, times
from hub.spec import records as listed

_ENDS = (model.DealStatus.WON, model.DealStatus.LOST)
_KINDS = (None, "", *range(10), *map(str, range(10)))


def _but(kind: str) -> dict[str, tuple[Any, ...]]:
    """An account of any other kind, or of none, is not of this one."""
    return {"type": tuple(each for each in _KINDS if str(each) != kind)}


def _reached(made: Callable[[str, bool], Any], *paths: str) -> Rule:
    """Every way to reach somebody, the first one before the others."""
    return decide(lambda *said: tuple(made(each, not place) for place, each in enumerate(_told(*said))), *paths)


def _domains(address: Any) -> tuple[str, ...]:
    domain = (convert.text(address) or "").casefold().rpartition("://")[2].partition("/")[0].removeprefix("www.")
    return (domain,) if "." in domain else ()


def _stages(found: Any, form: str = "{0}", category: str = "open") -> tuple[model.PipelineStage, ...]:
    """Won and lost are no stages in Flowlu: whatever stands in one is open, unless the deal itself says otherwise."""
    said = [(convert.text(each.get("id")), convert.text(each.get("name"))) for each in listed(found, "")]
    return tuple(model.PipelineStage(id=form.format(key, name or key), name=name, category=category) for key, name in said if key)


def _lost_reason(record: Record, terms: Terms) -> str | None:
    """The name of the reason, else what somebody wrote about it; only of a deal that is lost."""
    if _STATUS.apply(record, terms) != model.DealStatus.LOST:
        return None
    start = f"{convert.text(record.get('closing_status_id'))} "
    named = (key.removeprefix(start) for stages in terms.pipelines.values() for key in stages if key.startswith(start))
    return next(named, None) or convert.text(record.get("closing_comment"))


def _closed(*when: model.DealStatus) -> Rule:
    def closed(record: Record, terms: Terms) -> Any:
        return convert.instant(record.get("closing_date")) if _STATUS.apply(record, terms) in when else None

    return Rule(reads=("closing_date", *_STATUS.reads), apply=closed)


def _days(**moments: Rule) -> Rule:
    """Which of our moments hold a day alone; what a moment is read from stands first among what its rule reads."""

    def days(record: Record, terms: Terms) -> tuple[str, ...]:
        told = {ours: str(record[rule.reads[0]]).strip() for ours, rule in moments.items() if rule.apply(record, terms)}
        return tuple(ours for ours, said in told.items() if said == convert.day(said))

    return Rule(reads=tuple(path for rule in moments.values() for path in rule.reads), apply=days)


def _paid(record: Record, terms: Terms) -> Any:
    """A date stands with an invoice that is paid in part, too: its status has to say that it is paid."""
    return convert.instant(record.get("paid_date")) if _INVOICED.apply(record, terms) == model.InvoiceStatus.PAID else None


def _of_lead(module: Any, entity: Any, number: Any) -> str | None:
    return convert.text(number) if (convert.text(module), convert.text(entity)) == ("crm", "lead") else None


def _kept(names: str) -> Rule:
    """The fields of the portal's own making, called cf_ and a number, and what no field of ours holds."""

    def kept(record: Record, _terms: Terms) -> dict[str, Any] | None:
        wanted = (key for key in record if key in names.split() or key.startswith("cf_"))
        return {key: record[key] for key in wanted if record[key] not in (None, "", [], {})} or None

    return Rule(reads=tuple(names.split()), apply=kept)


def _told(*said: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in said if (key := convert.text(each)) and key != "0"))


def _customer(path: str) -> dict[str, Rule]:
    """A customer is a person or an organization, and both are accounts: the number is that of one, and nobody's as the other."""
    return dict.fromkeys(("contact_ids", "company_ids"), decide(_told, path))


# An opportunity is active in a sense of Flowlu's own: https://www.flowlu.com/api/crm/lead/ .
_STATUS = choose("active", {"1": model.DealStatus.OPEN, "2": model.DealStatus.LOST, "3": model.DealStatus.WON})
# What the numbers of a status mean is not documented: people are asked.
_INVOICED = choose("status_id", {str(each): each for each in model.InvoiceStatus})
_CHANGED = times(created_at="created_date", changed_at="updated_date")
_PARTY = {
    **texts("owner_id=owner_id city=billing_city country=billing_country"),
    "merged_into": decide(lambda winner: next(iter(_told(winner)), None), "merged_to"),
    "emails": _reached(lambda said, first: model.Email(address=said, primary=first), "email", "email_personal"),
    "phones": _reached(lambda said, first: model.Phone(number=said, primary=first), "phone", "phone2", "phone3"),
    **_CHANGED,
}
_COMPANY = {
    **texts("name=name website=web tax_id=VAT"),
    "legal_name": first(field("name_legal_full"), field("name_legal")),
    "domains": decide(_domains, "web"),
    "employee_count": field("organization_employee_count", convert.whole),
    "custom": _kept("active account_category_id industry_id ref ref_id"),
    **_PARTY,
}
_CONTACT = {
    **texts("given_name=first_name family_name=last_name time_zone=timezone"),
    "full_name": first(join("first_name", "middle_name", "last_name"), field("name")),
    "custom": _kept("active account_category_id industry_id honorific_title_id ref ref_id"),
    **_PARTY,
}
_ENDED = {"closed_at": _closed(*_ENDS), "won_at": _closed(_ENDS[0]), "lost_at": _closed(_ENDS[1])}
_BILLED = {**times(issued_at="invoice_date", due_at="due_date"), "paid_at": Rule(reads=("paid_date", "status_id"), apply=_paid)}
_DEAL = {
    **texts("name=name pipeline_id=pipeline_id stage_id=pipeline_stage_id owner_id=assignee_id"),
    "status": _STATUS,
    "amount": money("budget", answer="currency"),
    "expected_close_on": field("deadline", convert.day),
    "days": _days(**_ENDED),
    "lost_reason": Rule(reads=("closing_status_id", "closing_comment"), apply=_lost_reason, pipelines=True),
    "custom": _kept("source_id start_date closing_comment ref ref_id"),
    "contact_ids": decide(_told, "contact_id", "customer_id"),
    "company_ids": decide(_told, "customer_id", "company_id"),
    **_ENDED,
    **times(opened_at="created_date", created_at="created_date", changed_at="updated_date"),
}
_LEAD = {
    "contact_id": first(field("contact_id"), field("customer_id")),
    "company_id": first(field("customer_id"), field("company_id")),
    "deal_id": field("id"),
    **times(captured_at="created_date", created_at="created_date", changed_at="updated_date"),
}
_INVOICE = {
    "number": first(field("invoice_number_print"), field("invoice_number")),
    "status": _INVOICED,
    "total": money("total", "currency_code", answer="currency"),
    "days": _days(**_BILLED),
    "deal_id": decide(_of_lead, "module", "model", "model_id"),
    **_customer("customer_id"),
    "custom": _kept("type sub_total tax_total discount reference ref ref_id"),
    **_BILLED,
    **_CHANGED,
}
_PAYMENT = {
    "amount": money("total", answer="currency"),
    **_customer("crm_company_id"),
    "custom": _kept("name date is_complete complete_date currency_id status type reference ref ref_id"),
    **_CHANGED,
}
_TASK = {
    **texts("subject=name owner_id=responsible_id"),
    "kind": constant(model.ActivityKind.TASK),
    "direction": constant(model.Direction.NONE),
    "occurred_at": first(field("closed_date", convert.instant), field("created_date", convert.instant)),
    "deal_id": decide(_of_lead, "module", "model", "model_id"),
    **_customer("crm_account_id"),
    "custom": _kept("deadline priority workflow_stage_id type is_archive"),
    **_CHANGED,
}
_LOGIN = decide(lambda login: login if isinstance(login, str) and "@" in login else None, "username")
_OWNER = {"name": first(field("name"), join("first_name", "second_name", "last_name")), "email": _LOGIN}
_SALES = constant(model.PipelineKind.SALES)
_PIPELINE = {"name": field("name"), "kind": _SALES, "stages": decide(_stages, "stages")}
# Only the ids of stages are known where deals are read: those of reasons are their numbers with their names.
_REASONS = decide(lambda found: _stages(found, "{0} {1}", "lost"), "response.items")
_LOSSES = {"name": constant("Loss reasons"), "kind": _SALES, "stages": _REASONS}
_UNREAD = (
    "cf_* uuid description ordering adjust* auto_calc contact_* created_by updated_by closed_by bank* bcy_* bill* shipping_* "
    "org* company_* customer_* link_* skype telegram VAT1 VAT2 address* extra_fields last_* name_legal* guid_1c price* "
    "deleted_at is_* merged_to_id type_access module model* assignee_id category_id currency_id estimate_id exported_1c "
    "group_id invoice_* note paid_* pay* plan_* pm_* ps* recurring_* remind* show_* tax* template_* use_* charge enddate "
    "need_approve owner_id project_* ref* start* status_* discount* all_day archive_status cost* event_* first_* parent_id "
    "prev_task_id public_template rating report* due_* return_count task_checkbyowner time* workflow_id deadline_allowchange "
    "role_* image second_name response.*"
)
"""What no field of ours holds, and the copies of a contact that stand in a lead."""


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule], **more: Any) -> Mapping:
    return Mapping(type=kind, stream=stream, rules=rules, ignored=tuple(_UNREAD.split()), **more)


MAPPINGS = (
    _mapped(model.Owner, "owners", _OWNER),
    _mapped(model.Pipeline, "pipelines", _PIPELINE),
    _mapped(model.Pipeline, "loss_reasons", _LOSSES, id="response.items.0.name"),
    _mapped(model.Company, "accounts", _COMPANY, unless=_but("1")),
    _mapped(model.Contact, "accounts", _CONTACT, unless=_but("2")),
    _mapped(model.Deal, "leads", _DEAL),
    # An opportunity is called a lead in Flowlu's API: whoever it is about was captured with it.
    _mapped(model.Lead, "leads", _LEAD),
    _mapped(model.Invoice, "invoices", _INVOICE, unless={"is_template": (1, "1")}),
    _mapped(model.Payment, "payments", _PAYMENT),
    _mapped(model.Activity, "tasks", _TASK),
)
