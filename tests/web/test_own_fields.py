"""On the mapping page an admin says what lists hold, and as what the account's own fields are read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store import questions
from hub.sync import decide
from tests import boards, support
from tests.boards import PEOPLE, SALES, Board, card
from tests.web.visiting import Visitor, admin, signed_in, words

PAGE = "/settings/connections/rt-1/mapping"
LISTED = {"stream": "cards", "path": "list.id"}


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Board]:
    with boards.board(monkeypatch, tmp_path, database_url) as found:
        yield found


def filled(board: Board) -> Visitor:
    """People with fields of their own, among which two are proposed; nothing is decided of them."""
    board.put(
        card(1, PEOPLE, nick="Nina", custom={"Satisfaction": 9, "E-Mail": "ana@example.com", "Shoe": 38, "Language": "pt"}),
        card(2, PEOPLE, custom={"Satisfaction": 7, "Shoe": 38}),
        card(3, SALES, custom={"Satisfaction": 1}),
    )
    decide.choose(board.hub, "rt-1", **LISTED, raw="901", value="contact", by="admin", called="People")
    support.drained(board.hub)
    return admin(board.hub)


def decided(board: Board) -> list[str]:
    with board.hub.database.reading() as tx:
        return [row.value for row in questions.decided(tx, "field")]


def test_a_list_is_asked_about_by_its_name_decided_and_taken_back(board: Board) -> None:
    board.put(card(1, PEOPLE), card(2, PEOPLE))
    somebody = admin(board.hub)
    page = somebody.get(PAGE)
    said = words(page)
    assert "Cards: what are the records of each of these?" in said
    assert "People 901 2 " in said
    for value, name in (("contact", "Contacts"), ("company", "Companies"), ("deal", "Deals"), ("nothing", "Nothing to read")):
        assert f'<option value="{value}">{name}' in page.text
    assert somebody.post(f"{PAGE}/decide", **LISTED, raw="901", value="contact").status_code == 303
    support.drained(board.hub)
    assert board.live().keys() == {"contact:1", "contact:2"}
    assert "People 901 Cards: list.id Contacts Admin" in somebody.text(PAGE)
    assert somebody.post(f"{PAGE}/decide", **LISTED, raw="901", value="").status_code == 303
    support.drained(board.hub)
    assert board.live() == {}
    assert "People 901 2 " in somebody.text(PAGE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("value", ["ticket", "unknown", "open"])
def test_a_list_holds_only_what_the_mapping_can_read(board: Board, value: str) -> None:
    board.put(card(1, PEOPLE))
    assert admin(board.hub).post(f"{PAGE}/decide", **LISTED, raw="901", value=value).status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_read_is_shown_with_how_often_it_is_filled_and_never_with_what(board: Board) -> None:
    page = filled(board).get(PAGE)
    said = words(page)
    assert "custom.Shoe 2 of 2 1 What custom.Shoe is read as" in said
    assert "nick 1 of 2 1 " in said
    for personal in ("Nina", "ana@example.com"):
        assert personal not in page.text
    assert "custom.Language" not in page.text
    assert "title" not in {line.strip("<code>/") for line in page.text.split() if line.startswith("<code>")}
    assert '<option value="contact.full_name">Contact: full name (a rule reads it too)</option>' in page.text
    assert '<option value="contact.city">Contact: city</option>' in page.text
    assert 'value="deal.' not in page.text
    assert 'value="contact.company_ids"' not in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_mapping_proposes_is_chosen_on_the_page_and_read_only_once_it_is_taken(board: Board) -> None:
    somebody = filled(board)
    page = somebody.get(PAGE)
    assert '<option value="contact.scores" selected>' in page.text
    assert '<option value="contact.emails" selected>' in page.text
    assert page.text.count(" selected>") == 2
    assert "Take all" in words(page)
    assert decided(board) == []
    assert "scores" not in board.one("contact:1")
    form = {"stream": "cards", "path": ["custom.Satisfaction", "custom.E-Mail"], "read_as": ["contact.scores", "contact.emails"]}
    assert somebody.post(f"{PAGE}/fields", **form).status_code == 303
    support.drained(board.hub)
    assert board.one("contact:1")["emails"] == [{"address": "ana@example.com"}]
    assert board.one("contact:2")["scores"] == [{"name": "Satisfaction", "value": "7"}]
    after = somebody.text(PAGE)
    assert "Take all" not in after
    assert "custom.Satisfaction Cards Contact: scores Admin" in after
    assert "Decided what fields are read as Admin rt-1" in somebody.text("/settings/audit")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_proposed_for_people_is_not_proposed_for_deals(board: Board) -> None:
    board.put(card(3, SALES, custom={"Satisfaction": 1}))
    decide.choose(board.hub, "rt-1", **LISTED, raw="902", value="deal", by="admin")
    support.drained(board.hub)
    page = admin(board.hub).get(PAGE)
    assert "What custom.Satisfaction is read as" in words(page)
    assert " selected>" not in page.text


def test_a_field_is_read_until_that_is_taken_back(board: Board) -> None:
    somebody = filled(board)
    form = {"stream": "cards", "path": ["custom.Shoe", "nick"], "read_as": ["contact.name_suffix", ""]}
    assert somebody.post(f"{PAGE}/fields", **form).status_code == 303
    support.drained(board.hub)
    assert board.one("contact:2")["name_suffix"] == "38"
    said = somebody.text(PAGE)
    assert "custom.Shoe Cards Contact: name suffix Admin" in said
    assert "What custom.Shoe is read as" not in said
    assert somebody.post(f"{PAGE}/fields", stream="cards", path="custom.Shoe", read_as="contact.").status_code == 303
    support.drained(board.hub)
    assert "name_suffix" not in board.one("contact:2")
    assert "What custom.Shoe is read as" in somebody.text(PAGE)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_word_that_a_decided_field_does_not_know_is_asked_about_with_what_it_may_mean(board: Board) -> None:
    somebody = filled(board)
    board.put(card(4, SALES, status="open", custom={"State": "Signed"}))
    decide.choose(board.hub, "rt-1", **LISTED, raw="902", value="deal", by="admin")
    support.drained(board.hub)
    assert somebody.post(f"{PAGE}/fields", stream="cards", path="custom.State", read_as="deal.status").status_code == 303
    support.drained(board.hub)
    assert "Cards: custom.State" in somebody.text(PAGE)
    said = {"stream": "cards", "path": "custom.State", "raw": "Signed"}
    assert somebody.post(f"{PAGE}/decide", **said, value="paid").status_code == 400
    assert somebody.post(f"{PAGE}/decide", **said, value="won").status_code == 303
    support.drained(board.hub)
    assert board.one("deal:4")["status"] == "won"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "wrong",
    [
        {"read_as": "contact.id"},
        {"read_as": "contact.company_ids"},
        {"read_as": "ticket.subject"},
        {"read_as": "city"},
        {"read_as": ""},
        {"path": ""},
        {"path": "title"},
        {"path": "list.id"},
        {"path": "x" * 121},
        {"path": "a\nb"},
        {"path": ["custom.Shoe", "nick"]},
        {"path": ["nick"] * 101, "read_as": ["contact.city"] * 101},
        {"stream": "users"},
        {"stream": ""},
    ],
)
def test_only_what_can_be_read_can_be_decided(board: Board, wrong: dict[str, object]) -> None:
    form = {"stream": "cards", "path": "custom.Shoe", "read_as": "contact.city"} | wrong
    assert admin(board.hub).post(f"{PAGE}/fields", **form).status_code == 400
    assert decided(board) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_viewer_sees_what_is_not_read_and_decides_nothing(board: Board) -> None:
    somebody = filled(board)
    viewer = signed_in(somebody.client.application, board.hub, "viewer")
    page = viewer.get(PAGE)
    assert "custom.Shoe 2 of 2 1 An operator can decide." in words(page)
    assert "Take all" not in page.text
    answer = viewer.post(f"{PAGE}/fields", stream="cards", path="custom.Shoe", read_as="contact.city")
    assert answer.status_code == 403
