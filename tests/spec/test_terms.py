"""Terms are a value: equal ones have one digest, and any difference another."""

import pytest

from hub.spec import Terms

SAID = Terms(
    pipelines={"p": {"1": "open", "2": "won"}, "q": {}},
    choices={"status": {"On fire": "open", "Gone": "closed"}},
    answers={"currency": "BRL", "subdomain": "acme"},
)


def test_the_same_terms_in_another_order_have_the_same_digest() -> None:
    again = Terms(
        answers={"subdomain": "acme", "currency": "BRL"},
        choices={"status": {"Gone": "closed", "On fire": "open"}},
        pipelines={"q": {}, "p": {"2": "won", "1": "open"}},
    )
    assert again.digest() == SAID.digest()


@pytest.mark.parametrize(
    "other",
    [
        Terms(),
        Terms(pipelines={"p": {"1": "open", "2": "lost"}, "q": {}}, choices=SAID.choices, answers=SAID.answers),
        Terms(pipelines=SAID.pipelines, choices={"status": {"On fire": "new", "Gone": "closed"}}, answers=SAID.answers),
        Terms(pipelines=SAID.pipelines, choices=SAID.choices, answers={"currency": "EUR", "subdomain": "acme"}),
        Terms(pipelines=SAID.pipelines, choices={"status": {}}, answers=SAID.answers),
    ],
)
def test_other_terms_have_another_digest(other: Terms) -> None:
    assert other.digest() != SAID.digest()


def test_what_is_said_in_one_place_is_not_mistaken_for_the_same_in_another() -> None:
    held = {"status": {"a": "b"}}
    assert Terms(pipelines=held).digest() != Terms(choices=held).digest()
