"""Facts about what people do: activities, use, recommendations."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from hub.lifecycle.facts_said import History, Said, moment
from hub.model import Activity, ActivityKind, Direction, Referral, UsageDaily

_DONE: Mapping[ActivityKind, str] = {
    ActivityKind.PAGE_VIEW: "reach.touch",
    ActivityKind.AD_CLICK: "reach.touch",
    ActivityKind.EMAIL_CLICK: "reach.touch",
    ActivityKind.SOCIAL_POST: "reach.touch",
    ActivityKind.FORM_SUBMISSION: "lead.engaged",
    ActivityKind.MEETING: "lead.engaged",
    ActivityKind.EVENT_ATTENDANCE: "lead.engaged",
    ActivityKind.TESTIMONIAL: "testimonial.given",
}
"""What an activity of a kind is to the lifecycle, unless we did it. Opening a message is nothing: machines open too."""
_ANSWERED = (ActivityKind.EMAIL, ActivityKind.CALL, ActivityKind.CHAT, ActivityKind.SMS)


def activity(history: History[Activity]) -> Iterator[Said]:
    """What the customer did, unless a machine did it."""
    entity = history.about
    if entity is None or entity.automatic:
        return
    at = moment(entity, "occurred_at", "created_at")
    fact = _done(entity)
    if fact and at is not None:
        yield Said(type=fact, at=at[0], day=at[1], attrs={"kind": entity.kind, "campaign_id": entity.campaign_id})


def _done(entity: Activity) -> str | None:
    """What an activity is to the lifecycle: a meeting is, whoever asked for it, and of the rest what the customer did."""
    if entity.direction == Direction.OUT and entity.kind != ActivityKind.MEETING:
        return None
    if entity.kind in _ANSWERED:
        return "lead.engaged" if entity.direction == Direction.IN else None
    return _DONE.get(entity.kind or ActivityKind.UNKNOWN)


def usage(history: History[UsageDaily]) -> Iterator[Said]:
    """A day on which something was used."""
    entity = history.about
    if entity is None or entity.date is None or not entity.count:
        return
    try:
        at = datetime.fromisoformat(entity.date).replace(tzinfo=UTC)
    except ValueError:
        return
    attrs = {"day": entity.date, "count": entity.count, "kind": entity.event_key}
    yield Said(type="user.active", at=at, day=True, attrs=attrs)


def referral(history: History[Referral]) -> Iterator[Said]:
    """Whoever recommends makes it; whoever is recommended is reached by it."""
    entity = history.about
    if entity is None:
        return
    if entity.made_at is not None:
        day = "made_at" in entity.days
        yield Said(type="referral.made", at=entity.made_at, day=day, attrs={"referee_id": entity.referee_id})
        if entity.referee_id is not None:
            attrs = {"source": "referral", "referrer_id": entity.referrer_id}
            yield Said(type="reach.touch", at=entity.made_at, day=day, attrs=attrs, person=entity.referee_id)
    if entity.converted_at is not None:
        yield Said(type="referral.converted", at=entity.converted_at, attrs={"referee_id": entity.referee_id})
