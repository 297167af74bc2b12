"""JSON from outside, read with a limit on everything that has hurt somebody."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.spec.jsontext import MAX_BYTES, MAX_DEPTH, dumps, loads, loads_forgiving

unhurried = settings(deadline=None, database=None, max_examples=80)
PIECES = [
    rb"\\",
    rb"\"",
    rb"\u0041",
    rb"\ud83d",
    rb"\uDE80",
    rb"\uDfff",
    rb"\uD800",
    rb"\n",
    b"ud800",
    "ü".encode(),
    b"{",
    b'"',
    b"\\",
]
WORDS = st.text(max_size=12)
SANE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def nested(levels: int, opening: bytes = b"[", inside: bytes = b"", closing: bytes = b"]") -> bytes:
    return opening * levels + inside + closing * levels


@pytest.mark.parametrize(
    ("data", "value"),
    [(b'{"a": [1, 2.5, null, true, "\\u00fc"]}', {"a": [1, 2.5, None, True, "ü"]}), (b" 7 ", 7), (b'""', ""), (b"[]", [])],
)
def test_json_is_read(data: bytes, value: Any) -> None:
    assert loads(data) == value
    assert loads_forgiving(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1] 2",
        b"NaN",
        b"[Infinity]",
        b"1e999",
        b"-1e999",
        b"01",
        b"\xff",
        b'"\xed\xa0\x80"',
        b'"\n"',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_is_bad_input_that_says_where_and_not_what(data: bytes) -> None:
    """https://www.rfc-editor.org/rfc/rfc8259: no NaN, no leading zeros, no byte order mark; we refuse what no double holds."""
    with pytest.raises(BadInput, match=r"^not JSON: line \d+, column \d+$"):
        loads(data)
    with pytest.raises(BadInput):
        loads_forgiving(data)


@pytest.mark.parametrize("levels", [1, MAX_DEPTH])
def test_sixty_four_levels_are_read(levels: int) -> None:
    assert MAX_DEPTH == 64
    assert loads(nested(levels)) == json.loads(nested(levels))
    assert loads(nested(levels, b'{"a":', b"1", b"}")) == json.loads(nested(levels, b'{"a":', b"1", b"}"))


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 1_000])
def test_deeper_ones_are_not(levels: int) -> None:
    for data in (nested(levels), nested(levels, b'{"a":', b"1", b"}"), b"[1," + nested(levels - 1) + b"]"):
        with pytest.raises(BadInput, match="nested deeper than 64 levels"):
            loads(data)


def test_so_many_levels_that_the_parser_gives_up_are_bad_input_too() -> None:
    with pytest.raises(BadInput):
        loads(nested(100_000))


def test_a_text_of_the_limit_is_read_and_a_longer_one_is_not() -> None:
    assert loads(b"[1,2]", limit=5) == [1, 2]
    with pytest.raises(BadInput, match="more than 4 bytes of JSON"):
        loads(b"[1,2]", limit=4)
    assert loads(b" " * (MAX_BYTES - 1) + b"7") == 7
    with pytest.raises(BadInput, match="more than 20,000,000 bytes of JSON"):
        loads(b" " * MAX_BYTES + b"7")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (rb'"\ud83d\ude80"', "\U0001f680"),
        (rb'"\uD83D\uDE80"', "\U0001f680"),
        (rb'"cut \ud83d"', "cut \ufffd"),
        (rb'"\ude80 cut"', "\ufffd cut"),
        (rb'"\uDFFF"', "\ufffd"),
        (rb'"\ud83d\ud83d\ude80"', "\ufffd\U0001f680"),
        (rb'"\ude80\ud83d"', "\ufffd\ufffd"),
        (rb'{"\ud83d": "\ud83d"}', {"\ufffd": "\ufffd"}),
        (rb'"\\ud83d \ud83d"', "\\ud83d \ufffd"),
        (rb'"\\\ud83d"', "\\\ufffd"),
        (rb'"\ud7ff\ue000 \ud83d"', "\ud7ff\ue000 \ufffd"),
    ],
)
def test_half_of_a_character_is_replaced_and_all_else_left_as_it_is(data: bytes, value: Any) -> None:
    """Characters beyond U+FFFF are written as two halves, https://www.rfc-editor.org/rfc/rfc8259#section-7."""
    assert loads_forgiving(data) == value


@pytest.mark.parametrize("data", [rb'"cut \ud83d"', rb'"\ude80"', rb'["\udfff"]'])
def test_half_of_a_character_is_bad_input_where_nothing_is_forgiven(data: bytes) -> None:
    with pytest.raises(BadInput):
        loads(data)


def test_a_value_has_one_text() -> None:
    assert dumps({"b": [1, None, "ü"], "a": {"d": 1.5, "c": True}}) == '{"a":{"c":true,"d":1.5},"b":[1,null,"ü"]}'.encode()


@unhurried
@given(value=SANE)
def test_what_is_written_reads_back_as_it_was(value: Any) -> None:
    assert loads(dumps(value)) == value
    assert json.loads(dumps(value)) == value


@unhurried
@given(
    data=st.binary(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map(lambda found: b'"' + b"".join(found) + b'"')
)
def test_any_bytes_are_read_or_bad_input_and_what_was_read_can_be_written(data: bytes) -> None:
    for read in (loads, loads_forgiving):
        try:
            value = read(data)
        except BadInput:
            continue
        assert loads(dumps(value)) == value
