"""Pushes: whether a signature is right and its time recent."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.spec import Delivery, hmac_sha256, recent, same, standard

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


REFERENCE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FITS = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def standard_delivery(*, body: bytes = b'{"test": 2432232314}', late: int = 0, **changed: str | None) -> Delivery:
    """The vector with which implementations of Standard Webhooks are tested."""
    signed = {"id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "timestamp": "1614265330", "signature": FITS} | changed
    headers = {f"webhook-{name}": value for name, value in signed.items() if value is not None}
    received_at = datetime.fromtimestamp(1614265330 + late, UTC)
    return Delivery(method="POST", url="https://hub.example/webhooks/1", headers=headers, body=body, received_at=received_at)


@pytest.mark.parametrize("signature", [FITS, f"{OTHER} {FITS}", f"{FITS} v1a,abcd"])
@pytest.mark.parametrize("late", [0, 299, -299, 300])
def test_what_is_signed_as_standard_webhooks_has_it_is_genuine(signature: str, late: int) -> None:
    assert standard(standard_delivery(signature=signature, late=late), REFERENCE)


@pytest.mark.parametrize(
    "forged",
    [
        standard_delivery(body=b'{"test": 2432232315}'),
        standard_delivery(late=301),
        standard_delivery(late=-301),
        standard_delivery(signature=OTHER),
        standard_delivery(signature=FITS.removeprefix("v1,")),
        standard_delivery(signature=FITS.replace("v1,", "v1a,")),
        standard_delivery(signature=None),
        standard_delivery(signature=""),
        standard_delivery(id=None),
        standard_delivery(id="msg_other"),
        standard_delivery(timestamp=None),
        standard_delivery(timestamp="1614265331"),
        standard_delivery(timestamp="soon"),
        standard_delivery(timestamp="99999999999"),
        standard_delivery(timestamp="\u0661\u0666\u0661\u0664\u0662\u0666\u0665\u0663\u0663\u0660"),
    ],
)
def test_anything_else_is_not(forged: Delivery) -> None:
    assert not standard(forged, REFERENCE)


def test_nor_what_is_signed_with_another_secret() -> None:
    assert not standard(standard_delivery(), "whsec_" + "A" * 32)
