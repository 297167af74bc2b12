"""How ChurnZero's entities are listed: by OData, in pages of 100, in the order of their ids.

https://app.churnzero.net/developers : pages are fixed, and asking for a size of one's own would suppress the link to the next.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.spec import Lookup, Next, Reply, Request, Stream, records

_NEXT: Final = "@odata.nextLink"
_MANY: Final = 20
"""So many accounts are asked about at once: a server of this make reads no more than 2048 characters of a query."""
_CHANGED: Final = "ObjectLastModifiedDate"


def _list(entity: str, **options: str) -> Request:
    """A list in the order of ids: what changes meanwhile keeps its place."""
    return Request(path=f"/{entity}", params={"$orderby": "Id", **{f"${name}": said for name, said in options.items()}})


def _paged(_request: Request, reply: Reply) -> Next | None:
    """The whole address of the next page; its name has a dot in it, which a path of ours could not say."""
    link = reply.body.get(_NEXT) if isinstance(reply.body, dict) else None
    return Next(request=Request(path=link)) if isinstance(link, str) and link else None


def _entity(name: str, entity: str, changed_at: str | None = _CHANGED) -> Stream:
    def start(since: datetime | None) -> Request:
        later = f"{changed_at} ge {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if since and changed_at else None
        return _list(entity, filter=later) if later else _list(entity)

    return Stream(
        name=name,
        start=start,
        following=_paged,
        records="value",
        id="Id",
        changed_at=changed_at,
        incremental=changed_at is not None,
        lag=timedelta(minutes=10),
        # Nothing tells what was deleted.
        sweep=timedelta(days=7),
    )


def _whole(name: str, entity: str, *also: Lookup, every: timedelta, changed_at: str | None = None) -> Stream:
    """What is read whole each time."""
    return replace(
        _entity(name, entity, changed_at),
        incremental=False,
        start=lambda _since: _list(entity),
        also=also,
        every=every,
        sweep=every,
    )


def _progress(ids: Sequence[str]) -> Request:
    return _list("JourneyProgress", filter=" or ".join(f"AccountId eq {each}" for each in ids))


def _by_account(body: Any) -> Mapping[str, list[Any]]:
    found = defaultdict(list)
    for each in records(body, "value"):
        found[str(each.get("AccountId"))].append({name: each.get(name) for name in ("JourneyId", "IsCompleted", "EndDate")})
    return found


REFERENCES: Final = tuple(
    _whole(name, entity, every=timedelta(hours=6)) for name, entity in (("owners", "UserAccount"), ("journeys", "Journey"))
)
STREAMS: Final = (
    # Neither a new score nor the end of a journey is known to count as a change of the account: all are read each time.
    replace(
        _whole(
            "accounts",
            "Account",
            Lookup(into="journeys", size=_MANY, request=_progress, read=_by_account),
            every=timedelta(hours=1),
            changed_at=_CHANGED,
        ),
        volatile=("TenureInDays",),
    ),
    _entity("contacts", "Contact"),
    replace(_entity("progress", "JourneyProgress"), volatile=("EvaluationDay", "DaysIn", "DaysLeft", "DaysOver")),
    _entity("answers", "SurveyResponse"),
    # An event never changes; those that come late, as in a file of a day, are found two days back.
    replace(_entity("events", "Event", "EventDate"), lag=timedelta(days=2), sweep=None),
)
