"""What EngageBay's records mean: https://github.com/engagebay/restapi ."""

from decimal import Decimal
from typing import Any

from hub import model, spec
from hub.errors import BadInput
from hub.spec import Mapping, Record, Rule, Terms, convert, decide, emails, field, first, many, pluck, records, texts, times
from hub.spec.jsontext import loads

_ENDS = (model.DealStatus.WON, model.DealStatus.LOST)


def _values(properties: Any, name: str) -> list[tuple[str, str | None]]:
    """Each value of a property with its subtype, such as `work` of a telephone number."""
    named = (each for each in records(properties, "") if each.get("name") == name)
    return [(said, convert.text(each.get("subtype"))) for each in named if (said := convert.text(each.get("value")))]


def _property(name: str) -> Rule:
    return decide(lambda properties: next((said for said, _ in _values(properties, name)), None), "properties")


def _full(name: Any, properties: Any) -> str | None:
    """Lists name a contact by its first name alone and keep the last one among the properties."""
    said = (convert.text(name), *(last for last, _ in _values(properties, "last_name")[:1]))
    return " ".join(part for part in said if part) or None


def _others(properties: Any) -> tuple[str, ...]:
    return tuple(said for said, _ in _values(properties, "email"))


def _phones(properties: Any) -> tuple[model.Phone, ...]:
    return tuple(model.Phone(number=number, label=label) for number, label in _values(properties, "phone"))


def _place(part: str) -> Rule:
    """A part of the address, which is JSON in a text."""

    def place(properties: Any) -> str | None:
        said = next((said for said, _ in _values(properties, "address")), "null")
        try:
            return convert.text(pluck(loads(said.encode(errors="replace")), part))
        except BadInput as error:
            raise ValueError("not an address") from error

    return decide(place, "properties")


def _custom(*keys: str) -> Rule:
    """The fields of the account's own making, and what no field of ours holds, under their names there."""

    def custom(properties: Any, *values: Any) -> dict[str, Any] | None:
        own = {str(each.get("name")): each.get("value") for each in records(properties, "") if each.get("type") == "CUSTOM"}
        kept = {**own, **dict(zip(keys, values, strict=True))}
        return {key: value for key, value in kept.items() if value not in (None, "")} or None

    return decide(custom, "properties", *keys)


def _linked(ids: str, whole: str) -> Rule:
    return first(many(ids), many(whole, lambda item: convert.text(pluck(item, "id"))))


def _scores(score: Any) -> tuple[model.ExternalScore, ...]:
    said = convert.number(score)
    return () if said is None else (model.ExternalScore(name="EngageBay score", value=said),)


def _stages(milestones: Any) -> tuple[model.PipelineStage, ...]:
    """A deal names its milestone by its label, which is unique within its track."""
    found = records(milestones, "")
    marked = {mark: any(convert.flag(each.get(mark)) for each in found) for mark in _MARKS}
    return tuple(
        model.PipelineStage(id=label, name=label, category=_category(each, chance, marked), probability=chance)
        for each in found
        for chance in [convert.number(each.get("probability"))]
        if (label := convert.text(each.get("labelName")))
    )


def _category(milestone: Record, chance: Decimal | None, marked: dict[str, bool]) -> str:
    """What a milestone is marked as; where none of its track is marked so (as in the documentation), its chance tells."""
    for mark, (status, sure) in _MARKS.items():
        if convert.flag(milestone.get(mark)) or (not marked[mark] and chance == sure):
            return str(status)
    return str(model.DealStatus.UNKNOWN if chance is None and milestone.get("isWon") is None else model.DealStatus.OPEN)


def _closed(*when: model.DealStatus) -> Rule:
    """When a deal that is won or lost was closed: a date that somebody enters, and that may lie ahead of its last change."""

    def apply(record: Record, terms: Terms) -> Any:
        said = (convert.instant(record.get(key)) for key in ("closed_date", "updated_time"))
        return min((at for at in said if at), default=None) if _STATUS.apply(record, terms) in when else None

    return Rule(reads=("closed_date", "updated_time", *_STATUS.reads), apply=apply, pipelines=True)


def _expected(record: Record, terms: Terms) -> str | None:
    at = convert.instant(record.get("closed_date"))
    return at.date().isoformat() if at and _STATUS.apply(record, terms) not in _ENDS else None


def _amount(record: Record, terms: Terms) -> model.Money | None:
    """A currency is written as its code and its sign, such as USD-$."""
    amount, named = convert.number(record.get("amount")), convert.text(record.get("currency_type"))
    currency = named.partition("-")[0] if named else terms.answers.get("currency")
    return None if amount is None else model.Money(amount=amount, currency=currency.upper() if currency else None)


_MARKS = {"isWon": (model.DealStatus.WON, Decimal(1)), "isLost": (model.DealStatus.LOST, Decimal(0))}
_STATUS = spec.stage(model.DealStatus, "track_id", "milestoneLabelName")
_TIMES = times(created_at="created_time", changed_at="updated_time")
_OWNED = {"owner_id": first(field("owner_id"), field("owner.id")), **_TIMES}
_TAGS = many("tags", lambda item: convert.text(pluck(item, "tag")))
_LINKED = {"contact_ids": _linked("contact_ids", "subscribers"), "company_ids": _linked("company_ids", "companies")}
_PARTY = {
    "emails": emails(field("email"), decide(_others, "properties")),
    "phones": decide(_phones, "properties"),
    **{part: _place(part) for part in ("city", "country")},
    "tags": _TAGS,
    "scores": decide(_scores, "score"),
    "custom": _custom("status"),
    **_OWNED,
}
_COMPANY = {**texts("name=name website=url"), **_PARTY}
_CONTACT = {
    "full_name": first(field("fullname"), decide(_full, "name", "properties")),
    "given_name": first(_property("name"), field("firstname"), field("name")),
    "family_name": first(_property("last_name"), field("lastname")),
    "job_title": _property("role"),
    "company_ids": many("companyIds"),
    **_PARTY,
}
_LEAD = {"contact_id": field("id"), "company_id": field("companyIds.0"), **times(captured_at="created_time"), **_TIMES}
_DEAL = {
    **texts("name=name pipeline_id=track_id stage_id=milestoneLabelName"),
    "status": _STATUS,
    "amount": Rule(reads=("amount", "currency_type"), apply=_amount),
    "probability": field("probability", convert.number),
    **times(opened_at="created_time"),
    **{name: _closed(*ends) for name, ends in (("closed_at", _ENDS), ("won_at", _ENDS[:1]), ("lost_at", _ENDS[1:]))},
    "expected_close_on": Rule(reads=("closed_date", *_STATUS.reads), apply=_expected, pipelines=True),
    "custom": _custom("unique_id"),
    **_LINKED,
    **_OWNED,
}
_TICKET = {
    **texts("subject=subject channel=source assignee_id=assignee_id"),
    # What the numbers mean is not documented: these tables list none, so people are asked about each.
    **{at: spec.choose(at, {"": of.UNKNOWN}) for at, of in (("status", model.TicketStatus), ("priority", model.TicketPriority))},
    **times(opened_at="created_time"),
    "requester_ids": first(many("subscriber_id"), many("subscriber.id")),
    "reopened_count": field("reopens_count", convert.whole),
    "tags": _TAGS,
    "custom": _custom("type", "group_id"),
    **_TIMES,
}
_TASK = {
    "subject": field("name"),
    # A task to call or to write is still one that is to be done.
    "kind": spec.choose("type", dict.fromkeys(("TODO", "EMAIL", "CALL"), model.ActivityKind.TASK)),
    "direction": spec.constant(model.Direction.NONE),
    **times(occurred_at="created_time"),
    "custom": _custom("task_milestone", "closed_date"),
    **_LINKED,
    **_OWNED,
}
_SALES = spec.constant(model.PipelineKind.SALES)
_TRACK = {"name": field("name"), "kind": _SALES, "stages": decide(_stages, "milestones"), **_TIMES}
_UNREAD = (
    "owner.* name_sort entiy_group_name cursor importedEntity force* contactIds companyIds listIds subscribers companies sources "
    "broadcastIds openedLinks emailProperties unsubscribeList email* deal_ids task_ids deals description milestone* isDefault "
    "is_due queue_id html_body references requester_* subscriber.* created_by assigned_to is_spam public_notes* private_notes* "
    "last_note_id automationStatus"
)
_OF_USERS = "domain* is_* job_title role phone_number language time_zone* profile_img_url category signupSource"


def _mapped(kind: type[model.Entity], stream: str, rules: dict[str, Rule], ignored: str = _UNREAD) -> Mapping:
    return Mapping(type=kind, stream=stream, rules=rules, ignored=tuple(ignored.split()))


MAPPINGS = (
    _mapped(model.Owner, "owners", {**texts("name=name email=email"), **_TIMES}, _OF_USERS),
    _mapped(model.Pipeline, "tracks", _TRACK),
    _mapped(model.Company, "companies", _COMPANY),
    _mapped(model.Contact, "subscribers", _CONTACT),
    # Who left an address was captured as a lead at that moment.
    _mapped(model.Lead, "subscribers", _LEAD),
    _mapped(model.Deal, "deals", _DEAL),
    _mapped(model.Ticket, "tickets", _TICKET),
    _mapped(model.Activity, "tasks", _TASK),
)
