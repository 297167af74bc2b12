"""How the systems page: from a page to the request after it, and where a stream ends."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.spec import Following, Next, Reply, Request, cursor, export, keyset, next_link, offset, once
from tests.spec.anything import JSON

FIRST = Request(path="/items", params={"limit": 2})


def after(following: Following, body: Any, request: Request = FIRST) -> Next | None:
    return following(request, Reply(status=200, body=body))


def beyond(request: Request, last: str) -> Request:
    return request.asking(above=last)


def page(*ids: int) -> dict[str, Any]:
    return {"items": [{"id": each} for each in ids]}


def test_one_answer_is_all() -> None:
    assert after(once(), page(1, 2)) is None


@pytest.mark.parametrize(("found", "asked"), [("abc", "abc"), (7, "7"), (0, "0")])
def test_a_cursor_goes_into_the_next_request(found: str | int, asked: str) -> None:
    following = cursor("paging.next.after", into="after")
    assert after(following, {"paging": {"next": {"after": found}}}) == Next(request=FIRST.asking(after=asked))


@pytest.mark.parametrize("body", [{}, {"next": None}, {"next": ""}, {"next": {}} | {"next": None}, [], None])
@pytest.mark.parametrize(
    "following",
    [cursor("next", into="after"), next_link("next"), export("next", into="cursor", ended="done")],
    ids=["cursor", "link", "export"],
)
def test_without_a_next_the_stream_ends(following: Following, body: Any) -> None:
    assert after(following, body) is None


EXPORT = export("after_cursor", into="cursor", ended="end_of_stream")
"""As in https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/."""


def test_an_export_goes_on_from_its_cursor_alone() -> None:
    start = Request(path="/tickets/cursor.json", params={"start_time": 1, "per_page": 100})
    then = Request(path="/tickets/cursor.json", params={"per_page": 100, "cursor": "abc"})
    assert after(EXPORT, {"after_cursor": "abc", "end_of_stream": False}, start) == Next(request=then)
    assert start.params == {"start_time": 1, "per_page": 100}


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_an_export_ends_for_this_run_only_where_the_answer_says_so(said: Any) -> None:
    then = FIRST.asking(cursor="abc")
    assert after(EXPORT, {"after_cursor": "abc", "end_of_stream": True}) == Next(request=then, ended=True)
    assert after(EXPORT, {"after_cursor": "abc", "end_of_stream": said}) == Next(request=then)


def test_a_link_is_followed_as_it_is() -> None:
    found = after(next_link("next"), {"next": "https://example.com/items?page=2"})
    assert found == Next(request=Request(path="https://example.com/items?page=2"))


@pytest.mark.parametrize("link", [7, True, {"href": "/items"}, ["/items"]])
def test_a_link_that_is_no_text_is_none(link: Any) -> None:
    assert after(next_link("next"), {"next": link}) is None


@pytest.mark.parametrize(("params", "start"), [({}, 2), ({"offset": 2}, 4), ({"offset": "2"}, 4)])
def test_the_next_page_starts_as_many_records_further_on_as_a_page_has(params: dict[str, Any], start: int) -> None:
    request = Request(path="/items", params=params)
    assert after(offset("items", size=2), page(1, 2), request) == Next(request=request.asking(offset=start))


def test_pages_can_be_numbered() -> None:
    numbered = offset("items", size=1, into="page")
    assert after(numbered, page(5), Request(path="/items", params={"page": 1})) == Next(
        request=Request(path="/items", params={"page": 2})
    )


def test_a_keyset_goes_on_beyond_the_last_id() -> None:
    following = keyset("items", id="key.no", size=2, after=beyond)
    body = {"items": [{"key": {"no": 5}}, {"key": {"no": 9}}]}
    assert after(following, body) == Next(request=FIRST.asking(above="9"))


@pytest.mark.parametrize("body", [page(1), page(), {}, None, {"items": None}, {"items": {"id": 1}}, []])
@pytest.mark.parametrize(
    "following", [offset("items", size=2), keyset("items", id="id", size=2, after=beyond)], ids=["offset", "keyset"]
)
def test_a_short_page_is_the_last(following: Following, body: Any) -> None:
    assert after(following, body) is None


EVERY = {
    "once": once(),
    "cursor": cursor("next", into="after"),
    "export": export("next", into="cursor", ended="a"),
    "link": next_link("next"),
    "offset": offset("a", size=1),
    "keyset": keyset("a", id="id", size=1, after=beyond),
}


@pytest.mark.parametrize("following", EVERY.values(), ids=EVERY)
@settings(deadline=None, database=None, max_examples=40)
@given(body=JSON | st.fixed_dictionaries({}, optional={"a": JSON, "next": JSON}))
def test_an_answer_of_any_shape_ends_the_stream_or_leads_to_a_request_that_can_be_made(following: Following, body: Any) -> None:
    found = after(following, body)
    assert found is None or (
        found.request.path and all(isinstance(each, str | int | bool) for each in found.request.params.values())
    )


@pytest.mark.parametrize(
    "following", [offset("items", size=2), keyset("items", id="id", size=2, after=beyond)], ids=["offset", "keyset"]
)
def test_what_is_no_record_in_a_full_page_does_not_end_the_stream(following: Following) -> None:
    assert after(following, {"items": [{"id": 7}, None]}) is not None
    assert after(following, {"items": [{"id": 7}]}) is None


def test_beyond_the_last_id_that_a_page_tells_it_goes_on() -> None:
    following = keyset("items", id="id", size=2, after=beyond)
    assert after(following, {"items": [{"id": 7}, {"name": "x"}]}) == Next(request=FIRST.asking(above="7"))
    assert after(following, {"items": [{"name": "y"}, {"name": "x"}]}) is None
