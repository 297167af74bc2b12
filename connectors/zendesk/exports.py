"""How Zendesk's records are read: exports of what changed, and ratings."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from hub.spec import Next, Record, Reply, Request, Some, Stream, export, pluck


def _since(path: str, **params: str | int) -> Callable[[datetime | None], Request]:
    def start(since: datetime | None) -> Request:
        moment = int(since.timestamp()) if since else 0
        return Request(path=path, params={**params, "start_time": moment})

    return start


def _again(kind: str, **params: str) -> Some:
    def request(ids: Sequence[str]) -> Request:
        return Request(path=f"/api/v2/{kind}/show_many", params={**params, "ids": ",".join(ids)})

    return Some(request=request, size=100, records=kind)


def _organizations_after(request: Request, reply: Reply) -> Next | None:
    """The next page starts at the second in which this one ended, that second included.

    More organizations changed in one second than a page holds would bring the same page for ever
    (https://github.com/estuary/connectors/pull/2007), so then the second is left behind.
    """
    end = pluck(reply.body, "end_time")
    if pluck(reply.body, "end_of_stream") is not False or not isinstance(end, int):
        return None
    begun = int(str(request.params["start_time"]))
    return Next(request=request.asking(start_time=max(end, begun + 1)))


def _ratings_after(request: Request, reply: Reply) -> Next | None:
    # https://developer.zendesk.com/api-reference/introduction/pagination/: the cursor is there on the last page as well.
    cursor = pluck(reply.body, "meta.after_cursor")
    if pluck(reply.body, "meta.has_more") is not True or not isinstance(cursor, str):
        return None
    return Next(request=request.asking(**{"page[after]": cursor}))


def _exported(kind: str, gone: Callable[[Record], bool], **params: str) -> Stream:
    # Its cursor stays good for ever: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
    return Stream(
        name=kind,
        start=_since(f"/api/v2/incremental/{kind}/cursor", per_page=200, **params),
        following=export("after_cursor", into="cursor", ended="end_of_stream"),
        records=kind,
        changed_at="updated_at",
        some=_again(kind, **params),
        lag=timedelta(minutes=2),
        gone=gone,
        volatile=("generated_timestamp",),
    )


STREAMS = (
    Stream(
        name="organizations",
        start=_since("/api/v2/incremental/organizations"),
        following=_organizations_after,
        records="organizations",
        changed_at="updated_at",
        some=_again("organizations"),
        lag=timedelta(minutes=2),
        gone=lambda record: record.get("deleted_at") is not None,
    ),
    _exported("users", lambda record: record.get("active") is False),
    _exported("tickets", lambda record: record.get("status") == "deleted", include="metric_sets"),
    Stream(
        # https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/; without a score it
        # lists those too that were asked for and not answered.
        name="satisfaction_ratings",
        start=_since("/api/v2/satisfaction_ratings", **{"page[size]": 100}),
        following=_ratings_after,
        records="satisfaction_ratings",
        changed_at="updated_at",
        lag=timedelta(minutes=5),
    ),
)
