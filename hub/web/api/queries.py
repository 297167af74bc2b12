"""What may be asked of the API's lists; anything else in a query is refused."""

from marshmallow import Schema, fields, validate

from hub.lifecycle import FRAMEWORK
from hub.model import TYPES, VOCABULARY
from hub.store.records import STATES
from hub.web.api.fields import Cursor, Moment, Text, When

LONGEST = 200
"""Characters of a search, and of any name in a query."""
LAST = (1 << 63) - 1
STAGES = ("reach", "acquisition", "conversion", "retention", "loyalty", "churned")
FRAMEWORKS = (FRAMEWORK, "aarrr")


def _limit() -> fields.Integer:
    described = {"description": "How many items a page holds at most."}
    return fields.Integer(load_default=50, validate=validate.Range(min=1, max=200), metadata=described)


def _name(description: str) -> Text:
    return Text(validate=validate.Regexp(r"[A-Za-z0-9_.:-]{1,200}\Z"), metadata={"description": description})


def _as_of() -> When:
    described = {"description": "The moment that is asked about, by default now. A date is its start in the organisation's zone."}
    return When(metadata={"type": "string", "format": "date-time", **described})


def _known_at() -> When:
    described = {"description": "As it was known at this moment, by default now. Who is who is always as known now."}
    return When(metadata={"type": "string", "format": "date-time", **described})


class Paging(Schema):
    """Every list: its next page is asked for with the `next` of the page before."""

    cursor = Cursor(metadata={"type": "string", "maxLength": 22, "description": "The `next` of the page before."})
    limit = _limit()


class RecordQuery(Paging):
    """Which records of a type."""

    connection = _name("Only records of this connection.")
    modified_after = Moment(
        metadata={"description": "Only records whose present form the hub received after this. A date is its start in UTC."}
    )
    state = fields.String(
        load_default="live",
        validate=validate.OneOf((*STATES, "all")),
        metadata={"description": "Deleted and merged records are listed only when asked for."},
    )


class CustomerQuery(Paging):
    """Which customers."""

    q = Text(
        validate=validate.Length(max=LONGEST),
        metadata={"description": "Words that all occur in the name, an address or a number. Needs the scope read:pii."},
    )
    type = fields.String(validate=validate.OneOf(("person", "company")))
    modified_after = Moment(metadata={"description": "Only customers that changed after this. A date is its start in UTC."})
    system = _name("Only customers that this system knows, such as hubspot.")
    connection = _name("Only customers that this connection knows.")

    stage = fields.String(
        validate=validate.OneOf(STAGES),
        metadata={"description": "Only customers that are in this stage of the lifecycle at `as_of`, by default now."},
    )
    as_of = _as_of()
    known_at = _known_at()


class LifecycleQuery(Schema):
    """Which framework, and about which moment."""

    framework = fields.String(
        validate=validate.OneOf(FRAMEWORKS), metadata={"description": "Only the stages or only the milestones."}
    )
    as_of = _as_of()
    known_at = _known_at()


class TimelineQuery(Schema):
    """Which part of a timeline, the newest first."""

    cursor = Text(validate=validate.Length(max=120), metadata={"description": "The `next` of the page before."})
    limit = _limit()
    type = fields.String(validate=validate.OneOf(tuple(TYPES)))
    system = _name("Only what this system tells.")


class FactQuery(Schema):
    """Which facts."""

    cursor = Text(validate=validate.Length(max=120), metadata={"description": "The `next` of the page before."})
    limit = _limit()
    type = fields.String(validate=validate.OneOf(tuple(VOCABULARY)))
    customer = fields.UUID(metadata={"description": "Only facts about this customer."})
    as_of = _as_of()
    known_at = _known_at()


class CandidateQuery(Schema):
    """Which part of the review queue, the surest first."""

    cursor = Text(validate=validate.Length(max=120), metadata={"description": "The `next` of the page before."})
    limit = _limit()
    customer = fields.UUID(metadata={"description": "Only questions about this customer."})


class CustomerRecordQuery(Paging):
    """Which records of a customer."""

    type = fields.String(validate=validate.OneOf(tuple(TYPES)))


class FeedQuery(Schema):
    """Which part of the feed."""

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=LAST),
        metadata={"description": "The `next` of the answer before, 0 for the beginning."},
    )
    limit = _limit()
