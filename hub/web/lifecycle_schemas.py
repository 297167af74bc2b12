"""Where customers stand, what happened to them and who may be whom, as the API gives it."""

from marshmallow import Schema, fields, validate

from hub.model import TYPES, VOCABULARY
from hub.web.api.fields import Moment


class Amount(Schema):
    """Money; `currency` is null where the source named none."""

    amount = fields.String(required=True)
    currency = fields.String(required=True, allow_none=True)


class Fact(Schema):
    """Something that happened, as it was known from `recorded_at` until `retracted_at`."""

    id = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(tuple(VOCABULARY)))
    occurred_at = Moment(required=True)
    precision = fields.String(required=True, validate=validate.OneOf(("instant", "day")))
    recorded_at = Moment(required=True)
    retracted_at = Moment(required=True, allow_none=True)
    confidence = fields.Float(required=True)
    system = fields.String(required=True)
    record_id = fields.UUID(required=True, metadata={"description": "The record that says so."})
    raw_id = fields.Integer(required=True, metadata={"description": "The raw version of it that first said so."})
    person_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The contact's record that it is about."})
    company_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The company's record that it is about."})
    attrs = fields.Dict(required=True)


class Facts(Schema):
    """A page of facts."""

    items = fields.List(fields.Nested(Fact), required=True)
    next = fields.String(required=True, allow_none=True)


class Evidence(Schema):
    """A fact that opened or closed a stage, with the record that tells it."""

    fact_id = fields.String(required=True)
    type = fields.String(required=True)
    occurred_at = Moment(required=True)
    system = fields.String(required=True)
    record_id = fields.UUID(required=True)


class Interval(Schema):
    """A stage, from when to when; `exited_at` is null while it lasts. `rule` is what opened it."""

    framework = fields.String(required=True)
    cycle = fields.Integer(required=True)
    offering = fields.String(required=True)
    stage = fields.String(required=True)
    entered_at = Moment(required=True)
    exited_at = Moment(required=True, allow_none=True)
    duration_s = fields.Integer(required=True, metadata={"description": "Seconds until it ended, or until `as_of`."})
    rule = fields.String(required=True)
    is_winback = fields.Boolean(required=True)
    confidence = fields.Float(required=True)
    entered_by = fields.List(fields.Nested(Evidence), required=True)
    exited_by = fields.List(fields.Nested(Evidence), required=True)


class Milestone(Schema):
    """One of the five of AARRR; null moments where it was not reached."""

    name = fields.String(required=True)
    first_at = Moment(required=True, allow_none=True)
    last_at = Moment(required=True, allow_none=True)
    current = fields.Boolean(required=True)
    evidence = fields.List(fields.Nested(Evidence), required=True)


class Conflict(Schema):
    """A source asserts another stage than the one that follows from the facts."""

    system = fields.String(required=True)
    raw = fields.String(required=True, metadata={"description": "The source's own word."})
    asserted_at = Moment(required=True)
    stage = fields.String(required=True, allow_none=True)
    since = Moment(required=True, allow_none=True)


class TimeIn(Schema):
    """Seconds in a stage: the latest time, and all times together."""

    latest_s = fields.Integer(required=True)
    cumulative_s = fields.Integer(required=True)


class Purchases(Schema):
    """What was bought until `as_of`."""

    count = fields.Integer(required=True)
    revenue = fields.List(fields.Nested(Amount), required=True)


class Lifecycle(Schema):
    """Where a customer stands at a moment and how it came there, each step with its evidence.

    Stages are those of Sterne and Cutler; AARRR has milestones. A customer of whom nothing has happened is in no stage.
    """

    customer_id = fields.UUID(required=True)
    as_of = Moment(required=True)
    known_at = Moment(required=True, allow_none=True)
    settings_version = fields.Integer(required=True)
    unit_of_analysis = fields.String(required=True)
    inherited = fields.Boolean(required=True, metadata={"description": "Whether the stages are those of the person's company."})
    inherited_from = fields.UUID(required=True, allow_none=True)
    stage = fields.String(required=True, allow_none=True)
    since = Moment(required=True, allow_none=True)
    cycle = fields.Integer(required=True, allow_none=True)
    is_winback = fields.Boolean(required=True)
    status = fields.String(required=True, allow_none=True)
    intervals = fields.List(fields.Nested(Interval))
    offerings = fields.List(
        fields.Nested(Interval),
        metadata={"description": "The stages for families of products that a loyal customer was quoted and never bought of."},
    )
    time_in = fields.Dict(keys=fields.String(), values=fields.Nested(TimeIn))
    aarrr_stage = fields.String(allow_none=True)
    milestones = fields.List(fields.Nested(Milestone))
    purchases = fields.Nested(Purchases, required=True)
    conflicts = fields.List(fields.Nested(Conflict), required=True)


class Event(Schema):
    """One thing in a timeline: a record about the customer, at the moment it happened."""

    at = Moment(required=True)
    type = fields.String(required=True, validate=validate.OneOf(tuple(TYPES)))
    kind = fields.String(
        required=True, allow_none=True, metadata={"description": "Of an activity: what, and by whom (`call.out`)."}
    )
    state = fields.String(required=True)
    connection_id = fields.String(required=True)
    system = fields.String(required=True)
    record_id = fields.UUID(required=True)
    source_id = fields.String(required=True)
    is_presale = fields.Boolean(metadata={"description": "Of a ticket: whether it was opened before there was a purchase."})
    data = fields.Dict(required=True)


class Timeline(Schema):
    """A page of a timeline, the newest first."""

    items = fields.List(fields.Nested(Event), required=True)
    next = fields.String(required=True, allow_none=True)


class Candidate(Schema):
    """Two customers that may be one; `evidence` lists each rule with the two records that it found."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("review", "postponed")))
    rule = fields.String(required=True)
    score = fields.Float(required=True)
    customers = fields.List(fields.UUID(), required=True)
    evidence = fields.List(fields.Dict(), required=True)


class Candidates(Schema):
    """A page of the review queue."""

    items = fields.List(fields.Nested(Candidate), required=True)
    next = fields.String(required=True, allow_none=True)


class Nothing(Schema):
    """A body without anything in it."""


class Unmerge(Schema):
    """Which record is somebody else; without one, the newest approval is undone, or a customer of two records is parted."""

    record_id = fields.UUID(load_default=None, allow_none=True)


class Noted(Schema):
    """The decision is kept; the customers are put together anew within moments, and the feed says what became of them."""

    noted = fields.Boolean(required=True)


class OrganisationSettings(Schema):
    """Where the organisation is."""

    time_zone = fields.String(metadata={"description": "IANA, such as America/Sao_Paulo. Dates without a time are of this zone."})
    currency = fields.String(allow_none=True, metadata={"description": "ISO 4217."})
    country = fields.String(
        allow_none=True, metadata={"description": "ISO 3166, two letters: phone numbers without a code are of it."}
    )


class Settings(Schema):
    """What the organisation has settled; only what is sent is changed, and every version is kept."""

    version = fields.Integer(dump_only=True)
    organisation = fields.Nested(OrganisationSettings)
    lifecycle = fields.Dict(
        keys=fields.String(), metadata={"description": "The rules of the lifecycle by name: days, hours and counts."}
    )
