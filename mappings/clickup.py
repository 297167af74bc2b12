"""What ClickUp's tasks mean. An admin says of each list what its tasks are; every list has statuses and fields of its own.

https://developer.clickup.com/reference/gettask and https://developer.clickup.com/docs/customfields
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from hub import model, spec
from hub.model import DealStatus, OrderStatus, TicketStatus
from hub.spec import Mapping, Record, Rule, Terms, convert, decide, field, first, many, pluck, records, texts, times

_LIST, _NAMED, _OWN = "list.id", "list.name", "custom_fields"
# The types of statuses, whatever these are called: not begun (two of them), being worked on, done and closed.
_BEGUN, _DONE = ("open", "unstarted", "custom"), ("done", "closed")


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
    found = [said for each in records(own, "value") if (said := convert.text(each.get("id")))]
    return found[0] if len(found) == 1 else found


_PLAIN: dict[str, Callable[[Record], Any]] = {
    # Of several people or tasks all ids, of one its id.
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

    return decide(points, _OWN)


def _amount(record: Record, terms: Terms) -> Any:
    """What the one field of money says; which of several is meant, an admin says."""
    said = list(_filled(record.get(_OWN), "currency").values())
    return _MONEY_FIELD.apply(said[0], terms) if len(said) == 1 else None


def _linked(kind: str) -> Rule:
    """The tasks that relationship fields lead to, of those lists of which somebody said that they hold such."""

    def linked(record: Record, terms: Terms) -> tuple[str, ...]:
        lists, found = terms.choices.get(_LIST, {}), _filled(record.get(_OWN), "list_relationship")
        ours = [own for own in found.values() if lists.get(str(pluck(own, "type_config.subcategory_id"))) == kind]
        there = [each for own in ours for each in records(own, "value") if each.get("deleted") is not True]
        return tuple(dict.fromkeys(said for each in there if (said := convert.text(each.get("id")))))

    return Rule(reads=(_OWN,), apply=linked)


def _one(rule: Rule, said: Callable[[Any], str]) -> Rule:
    """The first of what a rule gives."""
    return Rule(reads=rule.reads, apply=lambda record, terms: next(map(said, rule.apply(record, terms)), None))


def _words(kind: type[StrEnum]) -> dict[str, StrEnum]:
    """What may be called so at the source; that something is deleted or unknown, no word says."""
    return {each.value.replace("_", " "): each for each in kind if each not in ("deleted", model.UNKNOWN)}


def _ended(status: Rule, when: tuple[StrEnum, ...]) -> Rule:
    """When a task was done that stands so now."""

    def ended(record: Record, terms: Terms) -> Any:
        so = pluck(record, "status.type") in _DONE and status.apply(record, terms) in when
        return _END.apply(record, terms) if so else None

    return Rule(reads=(*status.reads, *_END.reads), apply=ended)


def _stands(of: str, kind: type[StrEnum], types: dict[str, StrEnum], **ends: tuple[StrEnum, ...]) -> dict[str, Rule]:
    """How a task stands: as somebody said of its status, else as it is called, else by its type; and when it came to its ends."""
    # What people say is kept apart, as `deal.status`, from what they say of the same word in another kind of list.
    called = spec.choose(f"{of}.status", _words(kind))

    def status(record: Record, terms: Terms) -> Any:
        said = called.apply({of: {"status": pluck(record, "status.status")}}, terms)
        by_type = types.get(str(pluck(record, "status.type")))
        return by_type if by_type and isinstance(said, spec.Unknown) else said

    rule = Rule(reads=("status.status", "status.type", *called.reads), apply=status, options=called.options)
    return {"status": rule} | {ours: _ended(rule, when) for ours, when in ends.items()}


def _called(**names: str) -> dict[str, str]:
    """What an admin is proposed to read as fields of ours: the names, parted by `|`, of own fields for each."""
    return {f"custom.{name}": ours for ours, said in names.items() for name in said.split("|")}


_END = first(*times(done="date_done", closed="date_closed").values())
_MONEY_FIELD = spec.money("value", "type_config.currency_type", answer="currency")
_MONEY = Rule(reads=(_OWN,), apply=_amount)
_EMAILS, _PHONES = _points("email", model.Email, "address"), _points("phone", model.Phone, "number")
_ABOUT = {"contact_ids": _linked("contact"), "company_ids": _linked("company")}
_TASK = texts("url=url") | times(created_at="date_created", changed_at="date_updated") | {"custom": decide(_custom, _OWN)}
_TAGS = {"tags": many("tags", lambda tag: convert.text(pluck(tag, "name")))}
_PARTY = _TASK | _TAGS | texts("owner_id=assignees.0.id") | {"emails": _EMAILS, "phones": _PHONES}
_PARTY["custom"] = decide(_custom, _OWN, "status.status")

_DEAL = _TASK | _ABOUT | texts("name=name pipeline_id=list.id stage_id=status.status owner_id=assignees.0.id")
_DEAL |= times(opened_at="date_created") | {"amount": _MONEY}
_DEAL["expected_close_on"] = field("due_date", lambda said: (_moment(said) or "")[:10] or None)
# What is done or closed may be a deal won or lost: people are asked.
_WON, _LOST = (DealStatus.WON,), (DealStatus.LOST,)
_DEAL |= _stands("deal", DealStatus, dict.fromkeys(_BEGUN, DealStatus.OPEN), closed_at=_WON + _LOST, won_at=_WON, lost_at=_LOST)

_ORDER = _TASK | _ABOUT | times(placed_at="date_created") | {"total": _MONEY, "number": first(field("custom_id"), field("id"))}
_ORDER |= {"email": _one(_EMAILS, lambda email: email.address), "deal_id": _one(_linked("deal"), str)}
# No type of a status tells whether an order is paid. It is fulfilled when its task is done, unless it came to nothing.
_ORDER |= _stands("order", OrderStatus, {}, fulfilled_at=(OrderStatus.PENDING, OrderStatus.PAID))

_TICKET = _TASK | _TAGS | texts("subject=name assignee_id=assignees.0.id") | times(opened_at="date_created")
_TICKET |= {"requester_ids": _ABOUT["contact_ids"], "company_ids": _ABOUT["company_ids"]}
_TICKET["priority"] = spec.choose("priority.priority", _words(model.TicketPriority))
_PHASES = (TicketStatus.NEW, TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.SOLVED, TicketStatus.CLOSED)
_TICKET |= _stands("ticket", TicketStatus, dict(zip(_BEGUN + _DONE, _PHASES, strict=True)), solved_at=_PHASES[3:])

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
_SOLD = _called(lost_reason="loss reason|lost reason|motivo da perda", probability="probability|probabilidade")
_SOLD |= _called(expected_close_on="expected close|expected close date|close date|previsão de fechamento")
_BOUGHT = _called(paid_at="paid on|payment date|data de pagamento", email="e-mail|email")
_ASKED = _called(category="category|categoria", channel="channel|canal", product="product|produto")
_UNREAD = (
    *("custom_item_id", "text_content", "description", "markdown_description", "orderindex", "creator.*", "assignees"),
    *("group_assignees", "watchers", "checklists", "archived", "parent", "top_level_parent", "subtasks", "start_date", "points"),
    *("time_*", "team_id", "dependencies", "linked_tasks", "locations", "sharing.*", "permission_level", "project.*", "folder.*"),
    *("space.*", "list.*", "attachments", "status.*", "priority.*"),
)


def _decided(kind: type[model.Entity], rules: dict[str, Rule], names: dict[str, str]) -> Mapping:
    return Mapping(type=kind, rules=rules, proposes=names, stream="tasks", as_decided=_LIST, decided_name=_NAMED, ignored=_UNREAD)


_MEMBER = texts("name=user.username email=user.email")
MAPPINGS = (
    Mapping(type=model.Owner, stream="members", id="user.id", rules=_MEMBER, ignored=("user.*", "invited_by.*")),
    _decided(model.Contact, _PARTY | texts("full_name=name") | {"company_ids": _ABOUT["company_ids"]}, _CUSTOMER | _PERSON),
    _decided(model.Company, _PARTY | texts("name=name"), _CUSTOMER | _FIRM),
    _decided(model.Deal, _DEAL, _SOLD),
    _decided(model.Order, _ORDER, _BOUGHT),
    _decided(model.Ticket, _TICKET, _ASKED),
)
