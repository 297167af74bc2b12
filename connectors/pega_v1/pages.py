"""How the data pages of Pega's API v1 are read: by their parameter Since, each page from the newest moment of the one before."""

# A data page is asked for as GET /data/{ID} with its parameters in the query string, and answers as the clipboard has it:
# https://community.pega.com/knowledgebase/articles/data-integration/pega-api-pega-platform-81 . It cannot be asked for a part
# of its list, and says nothing of rows beyond the limit of its report, which is 500 unless somebody raised it. Days and moments:
# https://docs-previous.pega.com/user-experience/86/date-properties .

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from connectors.pega import objects
from hub.spec import Next, Record, Reply, Request, Stream, convert, pluck, records

SINCE: Final = "Since"
ROWS: Final = "pxResults"
_MOMENT = re.compile(r"\d{8}T\d{6}\.\d{3} GMT")
_DAY = re.compile(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_VIEWS: Final = {"cases": "cases", "parties": "cases", "posts": "posts"}


def _asked(path: str, moment: str, since: str) -> Request:
    return Request(path=path, params={SINCE: since} if since else {}, kept={"moment": moment})


def _start(view: str, moment: str, since: datetime | None) -> Request:
    return _asked(f"/data/{{{view}}}", moment, _pegas(since) if since else "")


def _following(request: Request, reply: Reply) -> Next | None:
    """What has the newest moment of this page or a later one, until none is later: then all was there."""
    found = [_moment(row.get(request.kept["moment"])) for row in records(reply.body, ROWS)]
    newest = max(found, default="")
    return Next(request=_asked(request.path, request.kept["moment"], newest)) if newest > _since(request) else None


def _since(request: Request) -> str:
    return str(request.params.get(SINCE, ""))


def _pegas(at: datetime) -> str:
    """Pega's own form, in which later moments come later in the alphabet."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}.{at.microsecond // 1000:03} GMT"


def _moment(said: Any) -> str:
    try:
        at = convert.instant(_plain(said))
    except ValueError:
        return ""
    return _pegas(at) if at else ""


def _plain(value: Any, column: str = "") -> Any:
    """The moments in it as ISO 8601, for nobody else writes 20250908T122641.286 GMT, and the days of columns called a date."""
    if isinstance(value, dict):
        return {name: _plain(held, name) for name, held in value.items()}
    if isinstance(value, list):
        return [_plain(each, column) for each in value]
    if not isinstance(value, str):
        return value
    if "date" in column.casefold() and (day := _DAY.fullmatch(value)):
        return "-".join(day.groups())
    return value.replace(" GMT", "Z") if _MOMENT.fullmatch(value) else value


def _read(as_v2: Stream, reply: Reply) -> list[Record] | None:
    """The rows are those of a data view; only what they lie in, and how moments are written, is another."""
    return as_v2.found(Reply(status=reply.status, body={"data": _plain(pluck(reply.body, ROWS))}))


STREAMS: Final = tuple(
    replace(
        each,
        start=partial(_start, _VIEWS[each.name], str(each.changed_at)),
        following=_following,
        records=partial(_read, each),
    )
    for each in objects.STREAMS
)
