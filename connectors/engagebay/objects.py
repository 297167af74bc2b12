"""How EngageBay lists its records: https://github.com/engagebay/restapi ."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from hub.spec import Following, Next, Record, Reply, Request, Some, Stream, once, pluck, records

PAGE: Final = 100
"""The most that is allowed."""
ROOT: Final = "/dev/api/panel"
ID: Final = re.compile(r"[0-9]{1,20}")
_STATUSES: Final = ("not_started", "in_progress", "waiting", "completed", "deferred")


def _list(path: str, kept: dict[str, Any] | None = None, **form: str) -> Request:
    """A list is asked for by POST with a form; in the order in which its records were made, for then no page shifts."""
    asked = {"page_size": str(PAGE), "sort_key": "created_time", **form}
    return Request(method="POST", path=f"{ROOT}/{path}", form=asked, kept=kept or {})


def _paged(request: Request, reply: Reply) -> Next | None:
    """The cursor of the next page lies in the last row; where there is none the list ends."""
    cursor = pluck((records(reply.body, "") or [{}])[-1], "cursor")
    if not isinstance(cursor, str) or not cursor:
        return None
    form = {**(request.form or {}), "cursor": cursor}
    return Next(request=Request(method="POST", path=request.path, form=form, kept=request.kept))


def _deals(request: Request, reply: Reply) -> Next | None:
    """The tracks first, then the deals of each: without a track only those of the default one are listed."""
    if request.method == "GET":
        left = [said for track in records(reply.body, "") if ID.fullmatch(said := str(track.get("id")))]
    elif onward := _paged(request, reply):
        return onward
    else:
        left = request.kept["tracks"]
    return Next(request=_list("deals", {"tracks": left[1:]}, track_id=left[0])) if left else None


def _of_tracks(reply: Reply) -> list[Record] | None:
    """Deals; the tracks that are listed on the way to them have milestones, and are none."""
    found = records(reply.body, "") if isinstance(reply.body, list) else None
    return None if found is None else [each for each in found if "milestones" not in each]


def _tasks(request: Request, reply: Reply) -> Next | None:
    """The tasks of one status after the other: of a list without a status the documentation says nothing."""
    left = _STATUSES[_STATUSES.index((request.form or {})["taskStatus"]) + 1 :]
    following = Next(request=_list("tasks", taskType="ALL", taskStatus=left[0])) if left else None
    return _paged(request, reply) or following


def _listed(name: str, start: Request, following: Following = _paged) -> Stream:
    """No list can be asked for what changed: all is read each time, and compared."""
    return Stream(
        name=name,
        start=lambda _since: start,
        following=following,
        records="",
        changed_at="updated_time",
        incremental=False,
        some=Some(request=lambda ids: Request(path=f"{ROOT}/{name}/{quote(ids[0], safe='')}")),
        every=timedelta(minutes=30),
        sweep=timedelta(minutes=30),
        # The cursor lies in a record without being of it; a password must not be kept, nor what changes at every visit.
        volatile=("cursor", "password_decrypted", "loggedin_time", "misc_info"),
    )


REFERENCES: Final = tuple(
    replace(_listed(name, Request(path=f"{ROOT}/{path}"), once()), sweep=timedelta(hours=6), every=timedelta(hours=6))
    for name, path in (("owners", "users"), ("tracks", "tracks"))
)
STREAMS: Final = (
    _listed("companies", _list("companies")),
    _listed("subscribers", _list("subscribers")),
    replace(_listed("deals", Request(path=f"{ROOT}/tracks"), _deals), records=_of_tracks),
    _listed("tickets", _list("tickets")),
    _listed("tasks", _list("tasks", taskType="ALL", taskStatus=_STATUSES[0]), _tasks),
)
