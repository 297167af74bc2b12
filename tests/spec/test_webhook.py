"""Pushes: whether a signature is right and its time recent."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.spec import Delivery, hmac_sha256, recent, same

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DELIVERY = Delivery(method="POST", url="https://hub.example/webhooks/1", headers={}, body=b"{}", received_at=NOON)


@pytest.mark.parametrize(
    ("secret", "data", "code"),
    [
        ("\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ("Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            "".join(map(chr, range(1, 26))),
            b"\xcd" * 50,
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
    ],
    ids=["4.2", "4.3", "4.5"],
)
def test_a_code_is_the_one_of_rfc_4231(secret: str, data: bytes, code: str) -> None:
    """The vectors of https://www.rfc-editor.org/rfc/rfc4231 whose keys are text."""
    assert hmac_sha256(secret, data).hex() == code
    assert hmac_sha256(secret, data[:3], data[3:7], b"", data[7:]).hex() == code


def test_a_code_cut_short_is_the_one_of_rfc_4231() -> None:
    """Section 4.6 of https://www.rfc-editor.org/rfc/rfc4231."""
    assert hmac_sha256("\x0c" * 20, b"Test With Truncation").hex()[:32] == "a3b6167473100ee06e0c796c2955552b"


@pytest.mark.parametrize(
    ("ours", "theirs"), [(b"", ""), (b"f", "Zg=="), (b"foobar", "Zm9vYmFy"), ("5bdcc146", "5bdcc146"), ("ü", "ü")]
)
def test_a_signature_matches_as_text_or_in_base64(ours: bytes | str, theirs: str) -> None:
    """https://www.rfc-editor.org/rfc/rfc4648#section-10."""
    assert same(ours, theirs)


@pytest.mark.parametrize("theirs", [None, "", "Zm9vYmF", "Zm9vYmFy ", "zm9vymfy", "foobar", "Zm9vYmFy\ud800", "ü"])
def test_any_other_signature_does_not(theirs: str | None) -> None:
    assert not same(b"foobar", theirs)


@pytest.mark.parametrize("off", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_time_within_five_minutes_of_the_receipt_is_recent(off: timedelta) -> None:
    assert recent(NOON + off, DELIVERY)


@pytest.mark.parametrize(
    "off", [timedelta(minutes=5, microseconds=1), timedelta(minutes=-5, microseconds=-1), timedelta(days=365)]
)
def test_a_time_further_off_or_none_is_a_replay(off: timedelta) -> None:
    assert not recent(NOON + off, DELIVERY)
    assert not recent(None, DELIVERY)
