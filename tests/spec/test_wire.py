"""What goes over the wire: requests that can be saved, and what lies at a path of an answer."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.spec import Request, pluck, records
from tests.spec.anything import JSON


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a": {"b": 1}}, "", {"a": {"b": 1}}),
        ({"a": [{"b": 1}, {"b": 2}]}, "a.1.b", 2),
        ({"a": {"1": "key"}}, "a.1", "key"),
        ({"a": [1]}, "a.1", None),
        ({"a": [1]}, "a.-1", None),
        ({"a": [1]}, "a.b", None),
        ({"a": None}, "a.b", None),
        ({"a": "text"}, "a.0", None),
        ({"a": 0}, "a", 0),
        ({"a.b": 1}, "a.b", None),
        (None, "a", None),
    ],
)
def test_a_dotted_path_finds_what_lies_there_or_nothing(value: Any, path: str, found: Any) -> None:
    assert pluck(value, path) == found


@pytest.mark.parametrize(
    ("body", "path", "found"),
    [
        ({"items": [{"id": 1}, {"id": 2}]}, "items", [{"id": 1}, {"id": 2}]),
        ([{"id": 1}], "", [{"id": 1}]),
        ({"id": 1}, "", [{"id": 1}]),
        ({"items": {"id": 1}}, "items", [{"id": 1}]),
        ({"items": [{"id": 1}, None, "text", 7, []]}, "items", [{"id": 1}]),
        ({"items": None}, "items", []),
        ({"items": "text"}, "items", []),
        ({}, "items", []),
        (None, "items", []),
    ],
)
def test_the_records_of_an_answer_are_its_objects(body: Any, path: str, found: list[Any]) -> None:
    assert records(body, path) == found


def test_a_request_is_asked_with_more_without_being_changed_itself() -> None:
    request = Request(path="/items", params={"limit": 100, "after": "1"})
    assert request.asking(after="2", deep=True) == Request(path="/items", params={"limit": 100, "after": "2", "deep": True})
    assert request.params == {"limit": 100, "after": "1"}


def test_a_saved_request_is_the_checkpoint_and_reads_back_as_it_was() -> None:
    request = Request(path="/search", method="POST", params={"ids": ["1", "2"]}, json={"q": [1, None]}, headers={"accept": "x"})
    assert msgspec.json.decode(msgspec.json.encode(request), type=Request) == request
    assert msgspec.json.encode(Request(path="/items")) == b'{"path":"/items"}'


@settings(deadline=None, database=None, max_examples=50)
@given(value=JSON, path=st.text(st.sampled_from("ab01.-²"), max_size=8))
def test_any_path_into_any_value_finds_something_or_nothing(value: Any, path: str) -> None:
    pluck(value, path)
    assert all(isinstance(each, dict) for each in records(value, path))
