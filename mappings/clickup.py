"""What ClickUp's tasks mean. An admin says of each list what its tasks are; every list has statuses and fields of its own.

https://developer.clickup.com/reference/gettask and https://developer.clickup.com/docs/customfields
"""

from collections.abc import Callable
from collections.abc import Mapping as Table
from enum import StrEnum
from typing import Any

from hub import model, spec
from hub.model import DealStatus, OrderStatus, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, convert, decide, field, first, many, pluck, records, texts

_DONE = ("done", "closed")
_TYPES = ("open", "unstarted", "custom", *_DONE)
"""The types of statuses, whatever these are called: not begun (two of them), being worked on, done and closed."""
_LIST = "list.id"


def _filled(found: Any, *kinds: str) -> dict[str, Record]:
    """The account's own fields that hold something, by their names; of two of one name the first."""
    said: dict[str, Record] = {}
    for each in records(found, ""):
        name = convert.text(each.get("name")) or convert.text(each.get("id"))
        if name and each.get("value") not in (None, "", [], {}) and (not kinds or each.get("type") in kinds):
            said.setdefault(name, each)
    return said


def _option(own: Record, said: Any) -> Any:
    """What an option is called, or each of several: a drop-down tells its place, or as labels do its id."""
    if isinstance(said, list):
        return [_option(own, each) for each in said]
    options = {str(each.get(key)): each for key in ("orderindex", "id") for each in records(own, "type_config.options")}
    found = options.get(str(said), {})
    return found.get("name") or found.get("label") or said


def _moment(value: Any) -> str | None:
    at = convert.instant(value)
    return at.isoformat().replace("+00:00", "Z") if at else None


def _ids(own: Record) -> Any:
    """The id where it is one, else all of them."""
    found = [said for each in records(own, "value") if (said := convert.text(each.get("id")))]
    return found[0] if len(found) == 1 else found


_PLAIN: Table[str, Callable[[Record], Any]] = {
    **dict.fromkeys(("users", "tasks", "list_relationship"), _ids),
    **dict.fromkeys(("drop_down", "labels"), lambda own: _option(own, own["value"])),
    "date": lambda own: _moment(own["value"]),
    "checkbox": lambda own: convert.flag(own["value"]),
    "location": lambda own: pluck(own["value"], "formatted_address"),
    "manual_progress": lambda own: pluck(own["value"], "current"),
}


def _plain(own: Record) -> Any:
    """The value as people see it, people and tasks by their ids; what cannot be read stays as it came."""
    try:
        found = _PLAIN[str(own.get("type"))](own)
    except (KeyError, ValueError):
        found = None
    return own["value"] if found in (None, []) else found


def _custom(found: Any, status: Any = None) -> dict[str, Any]:
    """The own fields by their names; the status among them, where no field of ours says how a task stands."""
    said = convert.text(status)
    return ({"Status": said} if said else {}) | {name: _plain(own) for name, own in _filled(found).items()}


def _points(kind: str, made: Callable[..., Any], key: str) -> Rule:
    """Addresses or numbers, each labelled as its field is called; one alone is the primary one."""

    def points(found: Any) -> tuple[Any, ...]:
        said = {text: name for name, own in _filled(found, kind).items() if (text := convert.text(own["value"]))}
        return tuple(made(**{key: text}, label=name, primary=len(said) == 1) for text, name in said.items())

    return decide(points, "custom_fields")


def _amount(record: Record, terms: Terms) -> model.Money | None:
    """What the one field of money says; which of several is meant, an admin says."""
    said = list(_filled(record.get("custom_fields"), "currency").values())
    amount = convert.number(said[0]["value"]) if len(said) == 1 else None
    if amount is None:
        return None
    currency = convert.text(pluck(said[0], "type_config.currency_type")) or terms.answers.get("currency")
    return model.Money(amount=amount, currency=currency.upper() if currency else None)


def _linked(kind: str) -> Rule:
    """The tasks that relationship fields lead to, of those lists of which somebody said that they hold such."""

    def linked(record: Record, terms: Terms) -> tuple[str, ...]:
        lists, found = terms.choices.get(_LIST, {}), _filled(record.get("custom_fields"), "list_relationship")
        ours = (own for own in found.values() if lists.get(str(pluck(own, "type_config.subcategory_id"))) == kind)
        there = (each for own in ours for each in records(own, "value") if each.get("deleted") is not True)
        return tuple(dict.fromkeys(said for each in there if (said := convert.text(each.get("id")))))

    return Rule(reads=("custom_fields",), apply=linked)


def _one(rule: Rule, said: Callable[[Any], str]) -> Rule:
    """The first of what a rule gives."""
    return Rule(reads=rule.reads, apply=lambda record, terms: next(map(said, rule.apply(record, terms)), None))


def _status(path: str, kind: type[StrEnum], types: Table[str, StrEnum], *named: StrEnum) -> Rule:
    """How a task stands: as somebody said of its status, else as it is called (`named`), else by its type.

    What people say is kept under `path`, apart from what they say of the same word in another kind of list.
    """
    called = {each.value.replace("_", " "): each for each in named}

    def status(record: Record, terms: Terms) -> Any:
        said = convert.text(pluck(record, "status.status"))
        if said is None:
            return None
        chosen = terms.choices.get(path, {}).get(said)
        known = called.get(said.casefold()) or types.get(str(pluck(record, "status.type")))
        return kind(chosen) if chosen else known or spec.Unknown(path=path, raw=said)

    return Rule(reads=("status.status", "status.type", path), apply=status, options=tuple(kind))


def _ended(status: Rule, *when: StrEnum, types: tuple[str, ...] = _TYPES) -> Rule:
    """When a task was done that stands so now."""

    def ended(record: Record, terms: Terms) -> Any:
        so = status.apply(record, terms) in when and pluck(record, "status.type") in types
        return _END.apply(record, terms) if so else None

    return Rule(reads=(*status.reads, *_END.reads), apply=ended)


def _known(kind: type[StrEnum]) -> list[Any]:
    return [each for each in kind if each != model.UNKNOWN]


def _called(**names: str) -> dict[str, str]:
    """What an admin is proposed to read as fields of ours: the names, parted by `|`, of own fields for each."""
    return {f"custom.{name}": ours for ours, said in names.items() for name in said.split("|")}


_END = first(field("date_done", convert.instant), field("date_closed", convert.instant))
_MADE = field("date_created", convert.instant)
_MONEY = Rule(reads=("custom_fields",), apply=_amount)
_EMAILS = _points("email", model.Email, "address")
_TO = {"contact_ids": _linked("contact"), "company_ids": _linked("company")}
# What is done or closed may be a deal won or lost, and nothing tells whether an order is paid: people are asked.
_ENDS = (DealStatus.WON, DealStatus.LOST)
_DEAL_STATUS = _status("deal.status", DealStatus, dict.fromkeys(_TYPES[:3], DealStatus.OPEN), DealStatus.OPEN, *_ENDS)
_ORDER_STATUS = _status("order.status", OrderStatus, {}, *_known(OrderStatus))
_PHASES = (TicketStatus.NEW, TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.SOLVED, TicketStatus.CLOSED)
_TICKET_STATUS = _status("ticket.status", TicketStatus, dict(zip(_TYPES, _PHASES, strict=True)), *_known(TicketStatus))
_PRIORITIES = {each.value: each for each in _known(model.TicketPriority)}
_TIMES = {
    "created_at": _MADE,
    "changed_at": field("date_updated", convert.instant),
    "url": field("url"),
    "custom": decide(_custom, "custom_fields"),
}
_TAGS = {"tags": many("tags", lambda tag: convert.text(pluck(tag, "name")))}
_PARTY = {
    "emails": _EMAILS,
    "phones": _points("phone", model.Phone, "number"),
    **_TAGS,
    **texts("owner_id=assignees.0.id"),
    **_TIMES,
    "custom": decide(_custom, "custom_fields", "status.status"),
}
_DEAL = {
    **texts("name=name pipeline_id=list.id stage_id=status.status owner_id=assignees.0.id"),
    "status": _DEAL_STATUS,
    "amount": _MONEY,
    "expected_close_on": field("due_date", lambda said: (_moment(said) or "")[:10] or None),
    "opened_at": _MADE,
    "closed_at": _ended(_DEAL_STATUS, *_ENDS),
    "won_at": _ended(_DEAL_STATUS, DealStatus.WON),
    "lost_at": _ended(_DEAL_STATUS, DealStatus.LOST),
    **_TO,
    **_TIMES,
}
_ORDER = {
    "number": first(field("custom_id"), field("id")),
    "status": _ORDER_STATUS,
    "total": _MONEY,
    "placed_at": _MADE,
    # An order is fulfilled when its task is done, paid or not, unless it came to nothing.
    "fulfilled_at": _ended(_ORDER_STATUS, OrderStatus.PENDING, OrderStatus.PAID, types=_DONE),
    "deal_id": _one(_linked("deal"), str),
    "email": _one(_EMAILS, lambda email: email.address),
    **_TO,
    **_TIMES,
}
_TICKET = {
    **texts("subject=name assignee_id=assignees.0.id"),
    "status": _TICKET_STATUS,
    "priority": spec.choose("priority.priority", _PRIORITIES),
    "opened_at": _MADE,
    "solved_at": _ended(_TICKET_STATUS, TicketStatus.SOLVED, TicketStatus.CLOSED),
    "requester_ids": _TO["contact_ids"],
    "company_ids": _TO["company_ids"],
    **_TAGS,
    **_TIMES,
}
_NAME = "customer name|customer|client name|client|nome do cliente|cliente"
_POINT = "contact point|point of contact|contact name|decision maker|ponto de contato|nome do contato|decisor"
# The eight fields of a customer database; for the date of last contact there is none of ours.
_CUSTOMER = _called(
    emails="e-mail|email|e-mail id|email id|e-mail address|email address",
    created_at="acquisition date|date of acquisition|acquired on|data de aquisição",
    asserted_stage="lifecycle stage|customer lifecycle stage|stage|estágio|estágio do ciclo de vida",
    scores="lead score|score|pontuação|pontuação do lead",
    owner_id="owner|sales associate|responsible sales associate|sales rep|account manager|responsável|vendedor",
    phones="phone|phone number|telefone|celular|whatsapp",
    source="lead source|source|origem",
)
_PERSON = _called(full_name=f"{_NAME}|{_POINT}", company_name="company|company name|empresa", job_title="job title|role|cargo")
_FIRM = _called(name=f"{_NAME}|company|company name|empresa", website="website|site", industry="industry|setor")
# Amounts are not proposed: read by an admin's word they lose the currency that their field names.
_SOLD = _called(
    expected_close_on="expected close|expected close date|close date|previsão de fechamento",
    lost_reason="loss reason|lost reason|motivo da perda",
    probability="probability|probabilidade",
)
_BOUGHT = _called(paid_at="paid on|payment date|data de pagamento", email="e-mail|email")
_ASKED = _called(category="category|categoria", channel="channel|canal", product="product|produto")
_UNREAD = (
    *("custom_item_id", "text_content", "description", "markdown_description", "orderindex", "creator.*", "assignees"),
    *("group_assignees", "watchers", "checklists", "archived", "parent", "top_level_parent", "subtasks", "start_date", "points"),
    *("time_*", "team_id", "dependencies", "linked_tasks", "locations", "sharing.*", "permission_level", "project.*", "folder.*"),
    *("space.*", "list.*", "attachments", "status.*", "priority.*"),
)


def _decided(kind: type[model.Entity], rules: dict[str, Rule], proposes: dict[str, str]) -> Mapping:
    return Mapping(
        type=kind, stream="tasks", rules=rules, as_decided=_LIST, decided_name="list.name", proposes=proposes, ignored=_UNREAD
    )


MAPPINGS = (
    Mapping(
        type=model.Owner,
        stream="members",
        id="user.id",
        rules=texts("name=user.username email=user.email"),
        ignored=("user.*", "invited_by.*"),
    ),
    _decided(model.Contact, {**texts("full_name=name"), "company_ids": _TO["company_ids"], **_PARTY}, _CUSTOMER | _PERSON),
    _decided(model.Company, {**texts("name=name"), **_PARTY}, _CUSTOMER | _FIRM),
    _decided(model.Deal, _DEAL, _SOLD),
    _decided(model.Order, _ORDER, _BOUGHT),
    _decided(model.Ticket, _TICKET, _ASKED),
)
