"""What the API gives and what programs push, as marshmallow schemas: only what stands here ever goes out."""

from marshmallow import Schema, fields, validate

from hub.model import TYPES
from hub.store.records import STATES
from hub.sync.push import MOST, OUTCOMES
from hub.web.api.fields import Cursor, Moment


class Record(Schema):
    """A source's record in canonical form; `id` is the hub's, `source_id` the source's."""

    id = fields.UUID(required=True)
    connection_id = fields.String(required=True)
    system = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(tuple(TYPES)))
    source_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    merged_into = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The id of the record that this one was merged into."}
    )
    customer_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The customer that a contact or company belongs to."}
    )
    created_at = Moment(required=True, allow_none=True)
    changed_at = Moment(required=True, allow_none=True)
    received_at = Moment(required=True, metadata={"description": "When the hub received the record's present form."})
    data = fields.Raw(required=True, allow_none=True, metadata={"type": "object"})


class Customer(Schema):
    """One customer, with every value's source and why it won. Without the scope read:pii, what says who it is is left out."""

    id = fields.UUID(required=True)
    changed_at = Moment(required=True)
    type = fields.String(required=True, validate=validate.OneOf(("person", "company")))
    live = fields.Boolean(required=True, metadata={"description": "Whether any source still has it."})
    since = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    name = fields.String(metadata={"x-scope": "read:pii"})
    emails = fields.List(fields.Dict(), metadata={"x-scope": "read:pii"})
    phones = fields.List(fields.Dict(), metadata={"x-scope": "read:pii"})
    domains = fields.List(fields.String(), metadata={"x-scope": "read:pii"})
    email_domains = fields.List(fields.String(), metadata={"x-scope": "read:pii"})
    phone_main = fields.String(allow_none=True, metadata={"x-scope": "read:pii", "description": "Of a company."})
    interests = fields.List(fields.Dict(), metadata={"x-scope": "read:pii"})
    consent = fields.List(
        fields.Dict(), metadata={"x-scope": "read:pii", "description": "By channel and purpose, the most restrictive."}
    )
    custom = fields.Dict(metadata={"x-scope": "read:pii", "description": "The sources' own fields, as `system.name`."})
    dates = fields.Dict(metadata={"description": "Acquisition and last contact, each with where it is from."})
    external_scores = fields.List(fields.Dict(), metadata={"description": "What the sources compute themselves."})
    companies = fields.List(fields.Dict(), metadata={"description": "The companies that a person's sources name."})
    fields_ = fields.Dict(
        required=True,
        data_key="fields",
        attribute="fields",
        metadata={"description": "Each value with its rule, source and losing candidates."},
    )
    records = fields.List(fields.Dict(), required=True)
    links = fields.List(
        fields.Dict(), metadata={"description": "What joined the records: the rule, how sure it makes us, and the two records."}
    )
    lifecycle = fields.Dict(
        metadata={"description": "Stages and milestones by all that is known, with what time alone will bring; `lifecycle` asks."}
    )
    activity = fields.Dict(metadata={"description": "How many live deals, tickets, answers and orders mention it."})


class Moved(Schema):
    """An id that stands for no customer any more."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("merged",)))
    merged_into = fields.UUID(required=True)


class Change(Schema):
    """Something that happened to a customer; `records` are the ids of its records afterwards."""

    position = fields.Integer(required=True)
    customer_id = fields.UUID(required=True)
    action = fields.String(required=True, validate=validate.OneOf(("created", "updated", "merged", "removed")))
    at = Moment(required=True)
    records = fields.List(fields.UUID(), required=True)


class Changes(Schema):
    """A part of the feed; `next` is what to send as `after`, now or later."""

    items = fields.List(fields.Nested(Change), required=True)
    next = fields.Integer(required=True)


class Run(Schema):
    """One reading of a stream. `certified` says whether it read as many records as the source said there are."""

    id = fields.Integer(required=True)
    stream = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    full = fields.Boolean(required=True)
    started_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    pages = fields.Integer(required=True)
    read = fields.Integer(required=True)
    written = fields.Integer(required=True)
    same = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    unknown_ = fields.Integer(required=True, data_key="unknown", attribute="unknown")
    expected = fields.Integer(required=True, allow_none=True)
    certified = fields.Boolean(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)


class Stream(Schema):
    """One kind of record that a connection reads, or takes."""

    name = fields.String(required=True)
    done_at = Moment(required=True, allow_none=True, metadata={"description": "The end of its last complete reading."})
    due_at = Moment(required=True, allow_none=True)
    failures = fields.Integer(required=True)


class Connection(Schema):
    """One account of one system; `records` counts its live records by type."""

    id = fields.String(required=True)
    system = fields.String(required=True, attribute="connector")
    label = fields.String(required=True)
    environment = fields.String(required=True)
    state = fields.String(required=True)
    problem = fields.String(required=True, allow_none=True)
    account = fields.String(required=True, allow_none=True)
    account_name = fields.String(required=True, allow_none=True)
    created_at = Moment(required=True)
    records = fields.Dict(required=True, keys=fields.String(), values=fields.Integer())


class ConnectionDetail(Connection):
    """The same with its streams and its latest runs, the newest first."""

    streams = fields.List(fields.Nested(Stream), required=True)
    runs = fields.List(fields.Nested(Run), required=True)


class Connections(Schema):
    """All connections."""

    items = fields.List(fields.Nested(Connection), required=True)


class Push(Schema):
    """Records to take; each is read and answered for itself."""

    records = fields.List(
        fields.Dict(required=True),
        required=True,
        validate=validate.Length(min=1, max=MOST),
        metadata={"items": {"$ref": "#/components/schemas/Pushed"}},
    )


class Outcome(Schema):
    """What became of one record; the outcomes stand in the order of what was sent."""

    type = fields.String(required=True, allow_none=True)
    id = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    error = fields.String(allow_none=True, metadata={"description": "Why it was rejected, and where."})


class Outcomes(Schema):
    """The answer to pushed records."""

    records = fields.List(fields.Nested(Outcome), required=True)


class Problem(Schema):
    """A problem document (RFC 9457); `errors` lists what is wrong with each field that was sent."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


def page_of(item: type[Schema]) -> type[Schema]:
    """A page of a list; `next` is the cursor of the page after it, null on the last."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": Cursor(required=True, allow_none=True),
        },
        name=f"{item.__name__}Page",
    )
