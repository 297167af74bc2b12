"""How the systems page: makers of `Following`, the pure function from a page to the request after it."""

from collections.abc import Callable

from hub.spec.wire import Following, Next, Reply, Request, pluck, records


def once() -> Following:
    """A stream that answers everything at once."""

    def following(_request: Request, _reply: Reply) -> None:
        return None

    return following


def cursor(at: str, *, into: str) -> Following:
    """The reply holds an opaque cursor at the path `at`; it goes into the query parameter `into`; none ends the stream."""

    def following(request: Request, reply: Reply) -> Next | None:
        found = pluck(reply.body, at)
        return None if found in (None, "") else Next(request=request.asking(**{into: str(found)}))

    return following


def export(at: str, *, into: str, ended: str) -> Following:
    """A cursor that stays valid for ever: when the flag at `ended` is true, the next run starts from it."""

    def following(request: Request, reply: Reply) -> Next | None:
        found = pluck(reply.body, at)
        if found in (None, ""):
            return None
        only = Request(path=request.path, method=request.method, params={**request.params, into: str(found)})
        only.params.pop("start_time", None)
        return Next(request=only, ended=pluck(reply.body, ended) is True)

    return following


def next_link(at: str) -> Following:
    """The reply holds the whole URL of the next page at the path `at`; none ends the stream."""

    def following(_request: Request, reply: Reply) -> Next | None:
        link = pluck(reply.body, at)
        return Next(request=Request(path=link)) if isinstance(link, str) and link else None

    return following


def offset(found: str, *, size: int, into: str = "offset") -> Following:
    """Pages are counted in records: the next one starts `size` further on; a page of fewer than `size` is the last."""

    def following(request: Request, reply: Reply) -> Next | None:
        if _listed(reply, found) < size:
            return None
        start = request.params.get(into, 0)
        return Next(request=request.asking(**{into: int(start if isinstance(start, (str, int)) else 0) + size}))

    return following


def keyset(found: str, *, id: str, size: int, after: Callable[[Request, str], Request]) -> Following:  # noqa: A002 - the word of Stream
    """Records come in the order of their id: the next page is what lies `after` the last id; a short page is the last.

    It needs no cursor, survives changes behind it, and never reaches a window that the source sets to cursors.
    """

    def following(request: Request, reply: Reply) -> Next | None:
        ids = [said for record in records(reply.body, found) if (said := pluck(record, id)) is not None]
        if _listed(reply, found) < size or not ids:
            return None
        return Next(request=after(request, str(ids[-1])))

    return following


def _listed(reply: Reply, found: str) -> int:
    """How long the page is, with what is no record in it: a page that is full is never the last."""
    page = pluck(reply.body, found)
    return len(page) if isinstance(page, list) else 0
