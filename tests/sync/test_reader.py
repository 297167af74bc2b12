"""Reading single records again, and which parts of a record count as its content."""

from collections.abc import Sequence

import pytest

from hub.errors import Missing
from hub.spec import Reply, Request, Some, Stream, once
from hub.sync import reader
from hub.sync.page import _without


def stream(size: int) -> Stream:
    def again(ids: Sequence[str]) -> Request:
        return Request(path=f"/things/{','.join(ids)}")

    return Stream(
        name="things",
        start=lambda _since: Request(path="/things"),
        following=once(),
        records="things",
        some=Some(request=again, size=size, records=""),
    )


def send(request: Request) -> Reply:
    if "7" in request.path:
        raise Missing("there is no 7")
    return Reply(status=200, body={"id": request.path.rpartition("/")[2]})


def test_a_record_that_is_not_there_any_more_is_missing_and_the_others_are_read() -> None:
    assert reader.some(stream(1), ["1", "7", "2"], send) == ([{"id": "1"}, {"id": "2"}], ["7"])


def test_a_missing_batch_of_several_says_nothing_of_any_one_of_them() -> None:
    with pytest.raises(Missing):
        reader.some(stream(2), ["1", "7"], send)


def test_what_is_volatile_is_left_out_at_any_depth() -> None:
    record = {"a": 1, "b": {"c": 2, "d": [{"e": 3, "f": 4}, {"e": 5}]}}
    assert _without(record, ["b", "d", "0", "e"]) == {"a": 1, "b": {"c": 2, "d": [{"f": 4}, {"e": 5}]}}
    assert _without(record, ["b", "c"]) == {"a": 1, "b": {"d": [{"e": 3, "f": 4}, {"e": 5}]}}
    assert _without(record, ["a"]) == {"b": record["b"]}
    assert _without(record, ["x", "y"]) == record
    assert record == {"a": 1, "b": {"c": 2, "d": [{"e": 3, "f": 4}, {"e": 5}]}}
