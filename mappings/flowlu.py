"""What Flowlu's records mean: https://www.flowlu.com/api/ ."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub import model, spec
from hub.spec import Mapping, Record, Rule, Terms, choose, constant, convert, decide, emails, field, first, join, money, texts

# An account of any other kind, or of none, is neither a person (2) nor an organization (1).
_OTHER = (None, "", 0, "0", *range(3, 10), *map(str, range(3, 10)))


def _phones(*numbers: Any) -> tuple[model.Phone, ...]:
    return tuple(model.Phone(number=said, primary=not place) for place, said in enumerate(_told(*numbers)))


def _moment(path: str) -> Rule:
    """A time by the clock of the portal, whose zone the admin told; a day alone stays that day."""

    def moment(record: Record, terms: Terms) -> datetime | None:
        at, zone = convert.instant(record.get(path)), terms.answers.get("time_zone") or "UTC"
        by_clock = len(str(record.get(path)).strip()) == len("YYYY-MM-DD HH:MM:SS")
        try:
            return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if at and by_clock else at
        except (ZoneInfoNotFoundError, OverflowError) as error:
            raise ValueError("not a moment of a time zone") from error

    return Rule(reads=(path,), apply=moment)


def _while(rule: Rule, state: Rule, *states: str) -> Rule:
    """What counts only while the record stands so."""

    def apply(record: Record, terms: Terms) -> Any:
        return rule.apply(record, terms) if state.apply(record, terms) in states else None

    return Rule(reads=rule.reads + state.reads, apply=apply, pipelines=rule.pipelines)


def _days(**moments: Rule) -> Rule:
    """Which of our moments hold a day alone; what a moment is read from stands first among what its rule reads."""

    def days(record: Record, terms: Terms) -> tuple[str, ...]:
        told = {ours: convert.text(record[rule.reads[0]]) for ours, rule in moments.items() if rule.apply(record, terms)}
        return tuple(ours for ours, said in told.items() if said == convert.day(said))

    return Rule(reads=tuple(path for rule in moments.values() for path in rule.reads), apply=days)


def _stages(found: Any, form: str = "{0}", category: str = "open") -> tuple[model.PipelineStage, ...]:
    """Won and lost are no stages in Flowlu: whatever stands in one is open, unless the deal itself says otherwise."""
    said = [(convert.text(each.get("id")), convert.text(each.get("name"))) for each in spec.records(found, "")]
    return tuple(model.PipelineStage(id=form.format(key, name or key), name=name, category=category) for key, name in said if key)


def _reason(record: Record, terms: Terms) -> str | None:
    """The reason of a loss by its name, else what somebody wrote about it."""
    names = dict(key.split(" ", 1) for key in terms.pipelines.get("loss_reasons", {}))
    return names.get(convert.text(record.get("closing_status_id")) or "") or convert.text(record.get("closing_comment"))


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
_CHANGED = {"created_at": _moment("created_date"), "changed_at": _moment("updated_date")}
_PARTY = {
    **texts("owner_id=owner_id city=billing_city country=billing_country"),
    "merged_into": decide(lambda winner: next(iter(_told(winner)), None), "merged_to"),
    "emails": emails(field("email"), field("email_personal")),
    "phones": decide(_phones, "phone", "phone2", "phone3"),
    "custom": _kept("active account_category_id industry_id honorific_title_id ref ref_id"),
    **_CHANGED,
}
_COMPANY = {
    **texts("name=name website=web"),
    # Lists have it in capitals, single records do not, as programs that read real portals found:
    # https://github.com/activepieces/activepieces/blob/main/packages/pieces/community/flowlu/src/lib/output-schemas.ts .
    "tax_id": first(field("VAT"), field("vat")),
    "legal_name": first(field("name_legal_full"), field("name_legal")),
    "employee_count": field("organization_employee_count", convert.whole),
    **_PARTY,
}
_CONTACT = {
    **texts("given_name=first_name family_name=last_name time_zone=timezone"),
    "full_name": first(join("first_name", "middle_name", "last_name"), field("name")),
    **_PARTY,
}
_ENDS = {"closed_at": ("won", "lost"), "won_at": ("won",), "lost_at": ("lost",)}
_ENDED = {ours: _while(_moment("closing_date"), _STATUS, *ends) for ours, ends in _ENDS.items()}
# A date stands with an invoice that is paid in part, too: its status has to say that it is paid.
_PAID = _while(_moment("paid_date"), _INVOICED, "paid")
_BILLED = {"issued_at": _moment("invoice_date"), "due_at": _moment("due_date"), "paid_at": _PAID}
_DEAL = {
    **texts("name=name pipeline_id=pipeline_id stage_id=pipeline_stage_id owner_id=assignee_id"),
    "status": _STATUS,
    "amount": money("budget", answer="currency"),
    "expected_close_on": field("deadline", convert.day),
    "days": _days(**_ENDED),
    "lost_reason": _while(Rule(reads=("closing_status_id", "closing_comment"), apply=_reason, pipelines=True), _STATUS, "lost"),
    "custom": _kept("source_id start_date closing_comment ref ref_id"),
    "contact_ids": decide(_told, "contact_id", "customer_id"),
    "company_ids": decide(_told, "customer_id", "company_id"),
    "opened_at": _CHANGED["created_at"],
    **_ENDED,
    **_CHANGED,
}
_LEAD = {
    "contact_id": first(field("contact_id"), field("customer_id")),
    "company_id": first(field("customer_id"), field("company_id")),
    "deal_id": field("id"),
    "captured_at": _CHANGED["created_at"],
    **_CHANGED,
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
    "occurred_at": first(_moment("closed_date"), _CHANGED["created_at"]),
    "deal_id": decide(_of_lead, "module", "model", "model_id"),
    **_customer("crm_account_id"),
    "custom": _kept("deadline priority workflow_stage_id type is_archive"),
    **_CHANGED,
}
_LOGIN = decide(lambda login: login if isinstance(login, str) and "@" in login else None, "username")
_OWNER = {"name": first(field("name"), join("first_name", "second_name", "last_name")), "email": _LOGIN}
_PIPELINE = {"name": field("name"), "kind": constant(model.PipelineKind.SALES)}
# Only the ids of stages are known where deals are read: those of reasons are their numbers with their names.
_REASONS = decide(lambda found: _stages(found, "{0} {1}", "lost"), "reasons")
# What no field of ours holds, and the copies of a contact that stand in a lead.
_UNREAD = """address* adjust* all_day archive_status assignee_id auto_calc bank* bcy_* bill* category_id cf_* charge closed_by
    company_* contact_* cost* created_by currency_id customer_* deadline_allowchange deleted_at description discount* due_*
    enddate estimate_id event_* exported_1c extra_fields first_* group_id guid_1c image invoice_* is_* last_* link_* merged_to_id
    model* module name_legal* need_approve note ordering org* owner_id paid_* parent_id pay* plan_* pm_* prev_task_id price*
    project_* ps* public_template rating recurring_* ref* remind* report* return_count role_* shipping_* show_* skype start*
    status_* task_checkbyowner tax* telegram template_* time* type_access updated_by use_* uuid VAT1 vat1 VAT2 vat2 workflow_id"""


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule], **more: Any) -> Mapping:
    return Mapping(type=kind, stream=stream, rules=rules, ignored=tuple(_UNREAD.split()), **more)


MAPPINGS = (
    _mapped(model.Owner, "owners", _OWNER),
    _mapped(model.Pipeline, "pipelines", {**_PIPELINE, "stages": decide(_stages, "stages")}),
    _mapped(model.Pipeline, "loss_reasons", {**_PIPELINE, "stages": _REASONS}),
    _mapped(model.Company, "accounts", _COMPANY, unless={"type": (2, "2", *_OTHER)}),
    _mapped(model.Contact, "accounts", _CONTACT, unless={"type": (1, "1", *_OTHER)}),
    _mapped(model.Deal, "leads", _DEAL),
    # An opportunity is called a lead in Flowlu's API: whoever it is about was captured with it.
    _mapped(model.Lead, "leads", _LEAD),
    _mapped(model.Invoice, "invoices", _INVOICE, unless={"is_template": (1, "1")}),
    _mapped(model.Payment, "payments", _PAYMENT),
    _mapped(model.Activity, "tasks", _TASK),
)
