"""Consent: the most restrictive statement of each channel and purpose."""

import pytest

from hub.model import Consent, ConsentState, Contact
from hub.unify.golden import Dealings
from tests.unify.golden_records import at, member, origin, whole

IN, OUT, UNKNOWN = ConsentState.OPT_IN, ConsentState.OPT_OUT, ConsentState.UNKNOWN


def granted(*rows: tuple[ConsentState | None, str | None, str | None]) -> list[Consent]:
    """Consents to marketing by e-mail: state, moment, proof."""
    return [
        Consent(id=str(number), channel="email", purpose="marketing", state=state, at=at(moment) if moment else None, proof=proof)
        for number, (state, moment, proof) in enumerate(rows, start=1)
    ]


def standing(*consents: Consent) -> list[tuple[str | None, str | None, str, str, list[str]]]:
    given = tuple((each, origin(f"hubspot-1/{each.id}", "consent")) for each in consents)
    found = whole(member("hubspot-1", Contact(id="1")), dealings=Dealings(consents=given))["consent"]
    return [
        (
            each["channel"],
            each["purpose"],
            each["value"],
            each["source"]["id"],
            [lost["lost_because"] for lost in each["candidates"]],
        )
        for each in found
    ]


def test_the_standing_names_the_record_that_says_so() -> None:
    out = Consent(
        id="9",
        channel="email",
        purpose="marketing",
        state=OUT,
        at=at("2025-01-01"),
        changed_at=at("2025-01-02"),
        legal_basis="consent",
    )
    later = Consent(id="8", channel="email", purpose="marketing", state=IN, at=at("2025-02-01"))
    given = ((later, origin("hubspot-1/8", "consent")), (out, origin("mailing-1/9", "consent")))
    assert whole(member("hubspot-1", Contact(id="1")), dealings=Dealings(consents=given))["consent"] == [
        {
            "channel": "email",
            "purpose": "marketing",
            "value": "opt_out",
            "rule": "most_restrictive",
            "confidence": 0.9,
            "source": origin("mailing-1/9", "consent") | {"field": "state"},
            "changed_at": "2025-01-02T00:00:00Z",
            "recorded_at": None,
            "at": "2025-01-01T00:00:00Z",
            "legal_basis": "consent",
            "proof": None,
            "candidates": [
                origin("hubspot-1/8", "consent")
                | {
                    "value": "opt_in",
                    "changed_at": None,
                    "recorded_at": None,
                    "at": "2025-02-01T00:00:00Z",
                    "legal_basis": None,
                    "proof": None,
                    "lost_because": "less_restrictive",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("rows", "state", "by", "lost"),
    [
        ([(OUT, "2025-01-01", None), (IN, "2025-02-01", "form 7")], "opt_in", "2", ["overruled_with_proof"]),
        ([(OUT, "2025-01-01", None), (IN, "2025-02-01", " ")], "opt_out", "1", ["less_restrictive"]),
        ([(OUT, "2025-01-01", None), (IN, "2025-01-01", "form 7")], "opt_out", "1", ["less_restrictive"]),
        ([(OUT, "2025-02-01", None), (IN, "2025-01-01", "form 7")], "opt_out", "1", ["less_restrictive"]),
        ([(OUT, None, None), (IN, "2025-01-01", "form 7")], "opt_out", "1", ["less_restrictive"]),
        ([(OUT, "2025-01-01", None), (IN, None, "form 7")], "opt_out", "1", ["less_restrictive"]),
        (
            [(OUT, "2025-01-01", None), (IN, "2025-02-01", "form 7"), (OUT, "2025-03-01", None)],
            "opt_out",
            "3",
            ["less_restrictive", "overruled_with_proof"],
        ),
        (
            [(OUT, "2025-01-01", None), (IN, "2025-02-01", "form 7"), (IN, "2025-03-01", None)],
            "opt_in",
            "2",
            ["without_proof", "overruled_with_proof"],
        ),
        ([(UNKNOWN, "2025-02-01", None), (IN, "2025-01-01", None)], "opt_in", "2", ["unknown"]),
        ([(UNKNOWN, "2025-02-01", None), (OUT, None, None)], "opt_out", "2", ["unknown"]),
        ([(UNKNOWN, "2025-02-01", None)], "unknown", "1", []),
        ([(IN, "2025-01-01", None), (IN, "2025-02-01", None)], "opt_in", "2", ["older"]),
        ([(OUT, "2025-02-01", None), (OUT, "2025-02-01", None)], "opt_out", "1", ["tie"]),
        ([(None, "2025-02-01", None), (OUT, "2025-01-01", None)], "opt_out", "2", []),
    ],
)
def test_the_most_restrictive_wins_and_only_a_later_proof_takes_an_opt_out_back(
    rows: list[tuple[ConsentState | None, str | None, str | None]], state: str, by: str, lost: list[str]
) -> None:
    assert standing(*granted(*rows)) == [("email", "marketing", state, by, lost)]


def test_each_channel_and_purpose_stands_for_itself() -> None:
    one = Consent(id="1", channel="email", purpose="marketing", state=OUT)
    two = Consent(id="2", channel="Phone", purpose="marketing", state=IN)
    three = Consent(id="3", channel="email", purpose="billing", state=IN)
    assert standing(one, two, three) == [
        ("email", "billing", "opt_in", "3", []),
        ("email", "marketing", "opt_out", "1", []),
        ("phone", "marketing", "opt_in", "2", []),
    ]


def test_an_opt_out_that_names_no_channel_or_purpose_holds_for_all_and_such_an_opt_in_for_none_but_itself() -> None:
    general = Consent(id="1", state=OUT, at=at("2025-01-01"))
    by_mail = Consent(id="2", channel="email", purpose="marketing", state=IN, at=at("2025-02-01"))
    proven = Consent(id="3", channel="sms", purpose="marketing", state=IN, at=at("2025-02-01"), proof="form 7")
    assert standing(general, by_mail, proven) == [
        (None, None, "opt_out", "1", []),
        ("email", "marketing", "opt_out", "1", ["less_restrictive"]),
        ("sms", "marketing", "opt_in", "3", ["overruled_with_proof"]),
    ]
    allowed = Consent(id="4", purpose="marketing", state=IN)
    refused = Consent(id="5", channel="email", purpose="marketing", state=OUT)
    assert standing(allowed, refused) == [
        (None, "marketing", "opt_in", "4", []),
        ("email", "marketing", "opt_out", "5", []),
    ]
