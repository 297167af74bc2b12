"""The comparison itself finds what differs: a judge that accepts everything would be none."""

from typing import Any

import pytest

from tests.e2e.real.shapes import differences, shape


@pytest.mark.parametrize(
    ("real", "stand_in", "found"),
    [
        ({"a": 1}, {"a": 2}, []),
        ({"a": None}, {"a": "x"}, []),
        ({"a": [1, None]}, {"a": []}, []),
        ({"a": 1}, {"a": "1"}, ["$.a is number in the real answer, text in the stand-in's"]),
        ({"a": 1}, {"a": True}, ["$.a is number in the real answer, truth in the stand-in's"]),
        ({"a": 1, "b": 2}, {"a": 1}, ["$.b is only in the real answer"]),
        ({"a": 1}, {"a": 1, "c": 2}, ["$.c is only in the stand-in's answer"]),
        ([{"a": 1}, {"b": 1}], [{"a": 1}, {"b": "x"}], ["$[].b is number in the real answer, text in the stand-in's"]),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {}}}, []),
        ({"free": {"x": 1}, "a": [{"free": 1}]}, {"free": {"y": 1}, "a": [{"free": "x"}]}, []),
        ("<html>", {"a": 1}, ["$ is text in the real answer, object in the stand-in's"]),
    ],
)
def test_a_difference_is_named_with_its_place(real: Any, stand_in: Any, found: list[str]) -> None:
    assert differences(shape(real), shape(stand_in), frozenset({"$.free", "$.a[].free"})) == found
