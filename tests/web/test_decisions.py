"""Values that no table lists: asked, decided and taken back on the mapping page."""

import pytest
import responses

from hub.spec import Unknown
from hub.store import questions
from hub.sync.hub import Hub
from tests.web.visiting import Visitor, admin, words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = "/settings/connections/hubspot-1/mapping"
PATH = "properties.hs_ticket_priority"


def asked(hub: Hub) -> Visitor:
    somebody = admin(hub)
    with responses.RequestsMock() as systems:
        systems.get("https://api.hubapi.com/account-info/v3/details", json={"portalId": 4711})
        answer = somebody.post("/settings/connections/new/hubspot/key", key="pat-na1", label="Sales", environment="production")
    assert answer.status_code == 303
    unknown = [
        Unknown(path=PATH, raw="ASAP"),
        Unknown(path=PATH, raw="ASAP"),
        Unknown(path="createdAt", raw=None, why="not a moment"),
    ]
    with hub.database.writing() as tx:
        questions.ask(tx, "hubspot-1", "tickets", unknown, hub.time.now())
    return somebody


def test_an_unknown_value_is_asked_about_with_what_it_may_mean(hub: Hub) -> None:
    somebody = asked(hub)
    page = somebody.get(PAGE)
    said = words(page)
    assert "Tickets: properties.hs_ticket_priority" in said
    assert "ASAP 2" in said
    for option in ("low", "normal", "high", "urgent"):
        assert f'<option value="{option}">' in page.text
    assert '<option value="unknown">' not in page.text
    assert "Could not be read" in said
    assert "Not a moment." in said
    assert "1 value is in no table" in somebody.text("/settings/connections/hubspot-1")


def test_a_decision_holds_until_it_is_taken_back(hub: Hub) -> None:
    somebody = asked(hub)
    form = {"stream": "tickets", "path": PATH, "raw": "ASAP"}
    assert somebody.post(f"{PAGE}/decide", **form, value="urgent").status_code == 303
    assert "Decided" in somebody.text(PAGE)
    assert "ASAP Tickets: properties.hs_ticket_priority Urgent Admin" in somebody.text(PAGE)
    assert somebody.post(f"{PAGE}/decide", **form, value="").status_code == 303
    assert "Urgent Admin" not in somebody.text(PAGE)
    assert "Decided a value Admin hubspot-1" in somebody.text("/settings/audit")


@pytest.mark.parametrize(
    "wrong",
    [{"value": "solved"}, {"value": "unknown"}, {"path": "id"}, {"stream": "contacts"}, {"raw": ""}, {"raw": "x" * 151}],
)
def test_only_what_the_page_offers_can_be_decided(hub: Hub, wrong: dict[str, str]) -> None:
    somebody = asked(hub)
    form = {"stream": "tickets", "path": PATH, "raw": "ASAP", "value": "urgent"} | wrong
    assert somebody.post(f"{PAGE}/decide", **form).status_code == 400
    with hub.database.reading() as tx:
        assert questions.decided(tx, "choice") == []
