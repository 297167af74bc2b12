"""How Flowlu lists its records: by pages, all of them each time, for it cannot be asked for what changed.

https://www.flowlu.com/api/ ; `limit` is how programs that read real portals ask for a size of page
(https://docs.airbyte.com/integrations/sources/flowlu), the documentation names only `page`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from hub.spec import Lookup, Next, Record, Reply, Request, Some, Stream, once, pluck, records

PAGE: Final = 100
_NAMED: Final = "accounts=crm/account leads=crm/lead invoices=fin/invoice payments=fin/customer_payment tasks=task/tasks"
ENTITIES: Final[dict[str, str]] = dict(each.split("=") for each in _NAMED.split())
"""The entity of each stream, as its path names it."""


def listing(entity: str, **params: str) -> Request:
    """The first page of a list."""
    return Request(path=f"/{entity}/list", params={"limit": PAGE, "page": 1, **params})


def _paged(request: Request, reply: Reply) -> Next | None:
    """The page after this one, unless this is the last: empty, or one that is short although no more is told of."""
    page, found = int(str(request.params["page"])), len(records(reply.body, "response.items"))
    said, total = (str(pluck(reply.body, f"response.{name}")) for name in ("page", "total"))
    # Some servers answer with their last page to whoever asks for one beyond it.
    if not found or said not in ("None", str(page)):
        return None
    # How large a page gets is not documented: where pages are shorter than asked for, only the total tells that more follows.
    more = found >= PAGE or (total.isdecimal() and found * page < int(total[:18]))
    return Next(request=request.asking(page=page + 1)) if more else None


def _gone(record: Record) -> bool:
    """What lies in the bin is still listed, and so is an opportunity that was merged into another."""
    return any(record.get(name) not in (None, "", 0, "0") for name in ("deleted_at", "merged_to_id"))


def _listed(name: str, entity: str, *also: Lookup) -> Stream:
    return Stream(
        name=name,
        start=lambda _since: listing(entity),
        following=_paged,
        records="response.items",
        changed_at="updated_date",
        incremental=False,
        some=Some(request=lambda ids: Request(path=f"/{entity}/get/{quote(ids[0], safe='')}"), records="response"),
        also=also,
        every=timedelta(minutes=30),
        sweep=timedelta(minutes=30),
        gone=_gone,
        # What others do with a record, and who looked at it, changes nothing in it.
        volatile=("last_active", "last_activity_id", "last_activity_model", "last_activity_time", "ordering"),
    )


def _stages(ids: Sequence[str]) -> Request:
    return listing("crm/pipeline_stage", **{"filter[pipeline_id]": ids[0]})


def _by_pipeline(body: Any) -> Mapping[str, list[Record]]:
    found = [(str(each.get("pipeline_id")), each) for each in records(body, "response.items")]
    return {pipeline: [each for of, each in found if of == pipeline] for pipeline, _ in found}


def _reasons(reply: Reply) -> list[Record] | None:
    """The whole list as one record: opportunities name the reason of a loss by a number that only this list explains."""
    found = pluck(reply.body, "response.items")
    return None if found is None else [{"id": "loss_reasons", "name": "Loss reasons", "reasons": found}]


REFERENCES: Final = tuple(
    replace(stream, some=None, every=timedelta(hours=6), sweep=timedelta(hours=6))
    for stream in (
        _listed("owners", "core/user"),
        _listed("pipelines", "crm/pipeline", Lookup(into="stages", size=1, request=_stages, read=_by_pipeline)),
        replace(_listed("loss_reasons", "crm/loss_reason"), records=_reasons, following=once()),
    )
)
STREAMS: Final = tuple(_listed(name, entity) for name, entity in ENTITIES.items())
