"""The feed of changes: what happened to customers, in the order in which it happened."""

from typing import Any

from hub.store import records
from hub.web.api import answers
from hub.web.api.blueprint import offers
from hub.web.api.keys import READ
from hub.web.api.queries import FeedQuery
from hub.web.here import hub
from hub.web.schemas import Changes


@offers("/changes", READ, Changes, tag="Changes", query=FeedQuery)
def changes(asked: dict[str, Any]) -> Any:
    """Read on in the feed.

    Positions ascend without gaps. Send the `next` of an answer as `after`, at once or later: nothing is missed and nothing
    comes twice. An answer without items means that this is all for now.
    """
    with hub().database.reading() as tx:
        found = records.changes(tx, asked["after"], asked["limit"])
    return answers.answer(Changes, {"items": found, "next": found[-1].position if found else asked["after"]})
