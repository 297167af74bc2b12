"""How ClickUp lists its records: https://developer.clickup.com/reference/getfilteredteamtasks ."""

from datetime import datetime, timedelta
from urllib.parse import quote

from hub.spec import Next, Reply, Request, Some, Stream, once, pluck

_PAGE = 100  # tasks, which cannot be chosen


def _tasks(since: datetime | None) -> Request:
    """All tasks of the workspace, those made first coming first, so that a new one shifts no page; closed ones too."""
    params = {"archived": "false", "include_closed": "true", "order_by": "created", "reverse": "true"}
    first = Request(path="/team/{workspace}/task", params={"page": 0, **params})
    return first if since is None else first.asking(date_updated_gt=int(since.timestamp() * 1000) - 1)


def _after(request: Request, reply: Reply) -> Next | None:
    """Page by page, and then the archived tasks, never listed with the others: https://github.com/AutoIDM/tap-clickup/pull/81 .

    Older answers have no `last_page`: then a page that is not full is the last one.
    """
    shown, last = pluck(reply.body, "tasks"), pluck(reply.body, "last_page")
    count = len(shown) if isinstance(shown, list) else 0
    if count and last is not True and (last is False or count >= _PAGE):
        return Next(request=request.asking(page=int(str(request.params["page"])) + 1))
    return Next(request=request.asking(page=0, archived="true")) if request.params["archived"] == "false" else None


REFERENCES = (
    Stream(
        name="members",
        # https://developer.clickup.com/reference/getauthorizedteams ; there is exactly one, or the answer is an error.
        start=lambda _since: Request(path="/team"),
        following=once(),
        records="teams.0.members",
        id="user.id",
        incremental=False,
        sweep=timedelta(hours=6),
        every=timedelta(hours=6),
        volatile=("user.last_active",),
    ),
)
STREAMS = (
    Stream(
        name="tasks",
        start=_tasks,
        following=_after,
        records="tasks",
        changed_at="date_updated",
        some=Some(request=lambda ids: Request(path=f"/task/{quote(ids[0], safe='')}")),
        lag=timedelta(minutes=2),
        # A subtask is a piece of work on another task, and no record of its own; lists do not show such, single reads do.
        gone=lambda task: task.get("parent") not in (None, ""),
        # Deletions are pushed, but no list tells of them, and pushes end without a word when their maker's account does.
        sweep=timedelta(hours=24),
        volatile=("orderindex", "permission_level", "sharing"),
    ),
)
