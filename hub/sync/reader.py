"""Walking a stream page by page; the next request is the checkpoint, so a walk can go on from any page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hub.errors import Missing, Retry, StopStream
from hub.spec import Next, Record, Reply, Request, Some, Stream, convert, pluck, records
from hub.spec.jsontext import dumps

Send = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Records, and what follows them: None at the end, `ended` where the next run starts from it."""

    records: Sequence[Record]
    next: Next | None
    total: int | None


def pages(stream: Stream, request: Request, send: Send) -> Iterator[Page]:
    """The pages of a stream from a request on; StopStream where the system leads in a circle."""
    asked = {_fingerprint(request)}
    while True:
        reply = send(request)
        found = stream.found(reply)
        if found is None:
            where = "records" if callable(stream.records) else repr(stream.records)
            raise Retry(f"{stream.name}: the answer has no {where}; perhaps an error that looks like success")
        _fold(stream, found, send)
        following = stream.following(request, reply)
        yield Page(records=found, next=following, total=_total(stream, reply))
        if following is None or following.ended:
            return
        request = following.request
        if _fingerprint(request) in asked:
            raise StopStream(f"{stream.name}: the system gave the same cursor twice; reading on would never end")
        asked.add(_fingerprint(request))


def some(stream: Stream, ids: Sequence[str], send: Send) -> tuple[list[Record], list[str]]:
    """Records read again by their ids, and those ids that the system no longer knows."""
    again = stream.some
    if again is None:
        raise StopStream(f"{stream.name}: single records cannot be read again; the next run brings them")
    found: list[Record] = []
    for start in range(0, len(ids), again.size):
        found += _batch(again, ids[start : start + again.size], send)
    _fold(stream, found, send)
    there = {source_id(stream, record) for record in found}
    return found, [each for each in ids if each not in there]


def _batch(again: Some, ids: Sequence[str], send: Send) -> list[Record]:
    """One call for some ids; an answer that the one record asked for is not there is an answer."""
    try:
        return records(send(again.request(ids)).body, again.records)
    except Missing:
        if len(ids) > 1:
            raise
        return []


def source_id(stream: Stream, record: Record) -> str | None:
    """The record's id as text; None where it has none that could be told from others."""
    try:
        said = convert.text(pluck(record, stream.id))
    except ValueError:
        return None
    return said if said and len(said) <= MAX_ID else None


MAX_ID = 150


def _fold(stream: Stream, found: Sequence[Record], send: Send) -> None:
    """Bring in what lies behind a second request, one batch for many records."""
    ids = [each for record in found if (each := source_id(stream, record))]
    for lookup in stream.also:
        values: dict[str, object] = {}
        for start in range(0, len(ids), lookup.size):
            values.update(lookup.read(send(lookup.request(ids[start : start + lookup.size])).body))
        for record in found:
            record[lookup.into] = values.get(source_id(stream, record) or "")


def _total(stream: Stream, reply: Reply) -> int | None:
    if stream.total is None:
        return None
    try:
        return convert.whole(pluck(reply.body, stream.total))
    except ValueError:
        return None


def _fingerprint(request: Request) -> bytes:
    return dumps([request.path, request.method, request.params, request.json, request.form, request.kept])
