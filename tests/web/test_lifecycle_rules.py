"""The settings of the lifecycle and of the organisation: shown to all, changed by admins, their effect seen before."""

import re
from datetime import timedelta
from typing import Any

import pytest

from hub.lifecycle import Rules
from hub.store import access
from hub.sync import organisation, push
from hub.sync.hub import Hub
from hub.web import create_app, effect
from tests.web.test_customer_page import history, money, record, rows, tell
from tests.web.test_customers import derived, id_of
from tests.web.visiting import Visitor, admin, signed_in, words

DELIVERED = {
    "inactivity_days": "180",
    "conversion_window_days": "30",
    "loyal_purchases": "3",
    "loyal_window_days": "365",
    "nps_valid_days": "180",
    "referral_valid_days": "365",
    "reopen_grace_hours": "24",
    "lead_expiry_days": "180",
    "activation_window_days": "14",
    "unit_of_analysis": "company",
    "revenue_source": "",
}


def form(**changed: str) -> str:
    return "&".join(f"{name}={value}" for name, value in {**DELIVERED, **changed}.items())


def version(somebody: Visitor, path: str = "/settings/organisation") -> str:
    return str(re.findall(r'name="version" value="(\d+)"', somebody.get(path).text)[0])


def bought(hub: Hub, days_ago: dict[str, int]) -> None:
    """People who each bought once, so many days ago."""
    push.create(hub, "CRM")
    now = hub.time.now()
    for name, days in days_ago.items():
        at = (now - timedelta(days=days)).isoformat()
        order = {"status": "paid", "total": money("10"), "paid_at": at, "contact_ids": [name]}
        tell(hub, "push-1", record("contact", name, at, full_name=name), record("order", f"o-{name}", at, **order))


def test_the_effect_of_other_rules_is_shown_before_they_are_saved(hub: Hub) -> None:
    bought(hub, {"Ana": 10, "Bo": 50, "Cy": 100, "Di": 200, "Ed": 70})
    somebody = admin(hub)
    page = somebody.get(f"/settings/lifecycle/preview?{form(inactivity_days='60')}")
    assert "2 of 5 customers would be in another stage." in words(page)
    assert "From To Customers Retention Churned 2" in words(page)
    with hub.database.reading() as tx:
        assert organisation.settled(tx).rules == Rules()
    wider = somebody.text(f"/settings/lifecycle/preview?{form(inactivity_days='300', conversion_window_days='60')}")
    assert "2 of 5 customers would be in another stage." in wider
    assert "Churned Retention 1" in wider
    assert "Retention Conversion 1" in wider


def test_rules_that_move_nobody_say_so(hub: Hub) -> None:
    bought(hub, {"Ana": 10})
    said = admin(hub).text(f"/settings/lifecycle/preview?{form(inactivity_days='170')}")
    assert "Nobody would be in another stage today, of 1 customer." in said


def test_a_person_moves_with_the_company_or_alone_by_the_unit(hub: Hub) -> None:
    history(hub)
    somebody = admin(hub)
    deal = {"name": "x", "status": "won", "won_at": (hub.time.now() - timedelta(days=40)).isoformat(), "company_ids": ["10"]}
    tell(hub, "push-1", record("deal", "d3", hub.time.now().isoformat(), **deal))
    said = somebody.text(f"/settings/lifecycle/preview?{form(unit_of_analysis='person')}")
    assert "1 of 2 customers would be in another stage." in said
    assert "Retention Churned 1" in said


def test_what_a_person_bought_moves_the_company_too(hub: Hub) -> None:
    bought(hub, {"Ana": 100})
    known = {"full_name": "Ana", "company_ids": ["10"]}
    tell(hub, "push-1", record("company", "10", "2023-01-05T00:00:00Z", name="Acme"))
    tell(hub, "push-1", record("contact", "Ana", hub.time.now().isoformat(), **known))
    said = admin(hub).text(f"/settings/lifecycle/preview?{form(inactivity_days='60')}")
    assert "2 of 2 customers would be in another stage." in said
    assert "Retention Churned 2" in said


def test_the_effect_is_what_the_pages_say_after_saving(hub: Hub) -> None:
    history(hub)
    with hub.database.reading() as tx:
        found = effect.effect(tx, Rules(), Rules(inactivity_days=3650), hub.time.now)
    assert (found.looked_at, list(found.moves)) == (2, [("churned", "retention", 2)])
    organisation.change(hub, {"lifecycle": {"inactivity_days": 3650}}, by="user:1")
    derived(hub)
    somebody = admin(hub)
    for name in ("souza", "acme&type=company"):
        assert rows(somebody.get(f"/customers/{id_of(somebody, name)}").text)[-1].startswith("Retention 1 May 2023 still there")


def test_of_very_many_customers_a_sample_is_looked_at_and_the_page_says_so(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(hub, {"Ana": 100, "Bo": 100, "Cy": 100})
    monkeypatch.setattr(effect, "SAMPLE", 2)
    monkeypatch.setattr(effect, "CHUNK", 1)
    said = admin(hub).text(f"/settings/lifecycle/preview?{form(inactivity_days='60')}")
    assert "2 of 2 customers would be in another stage. There are 3; these are a sample." in said


def test_nobody_waits_for_all_where_that_takes_long(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    bought(hub, {"Ana": 100, "Bo": 100, "Cy": 100})
    monkeypatch.setattr(effect, "CHUNK", 1)
    now = hub.time.now()
    times = iter(now + timedelta(seconds=each) for each in (0, 0, 19, 21, 22))
    with hub.database.reading() as tx:
        found = effect.effect(tx, Rules(), Rules(inactivity_days=60), lambda: next(times))
    assert (found.looked_at, found.total, found.moved, found.sampled) == (2, 3, 2, True)


def test_saved_rules_hold_and_the_history_says_who_changed_what(hub: Hub) -> None:
    history(hub)
    somebody = admin(hub)
    preview = somebody.get(f"/settings/lifecycle/preview?{form(inactivity_days='90')}").text
    sent: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    assert (sent["inactivity_days"], sent["version"]) == ("90", "0")
    sent.pop("csrf_token")
    assert somebody.post("/settings/lifecycle", **sent).status_code == 303
    said = somebody.text("/settings/lifecycle")
    assert "Saved. Every customer is derived anew; that takes a moment." in said
    assert re.search(r"Changes Admin .* version 1 Days without a purchase until somebody is churned: 180 → 90", said)
    derived(hub)
    page = somebody.get(f"/customers/{id_of(somebody, 'acme&type=company')}")
    assert "Retention 1 May 2023 30 Jun 2023 60 days" in rows(page.text)
    assert "No purchase within 90 days after the last one." in words(page)
    assert "Changed the lifecycle rules Admin" in somebody.text("/settings/audit")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inactivity_days", "0"),
        ("inactivity_days", "3651"),
        ("inactivity_days", "ten"),
        ("inactivity_days", "9" * 3000),
        ("inactivity_days", "٣"),
        ("inactivity_days", ""),
        ("loyal_purchases", "1"),
        ("loyal_purchases", "2.5"),
        ("unit_of_analysis", "planet"),
        ("revenue_source", "nonsense"),
    ],
)
def test_rules_out_of_bounds_are_a_message_and_change_nothing(hub: Hub, name: str, value: str) -> None:
    somebody = admin(hub)
    assert somebody.get(f"/settings/lifecycle/preview?{form(**{name: value})}").status_code == 422
    answer = somebody.post("/settings/lifecycle", **{**DELIVERED, name: value, "version": "0"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with hub.database.reading() as tx:
        assert organisation.settled(tx).version == 0


def test_a_form_made_before_somebody_elses_change_is_not_saved(hub: Hub) -> None:
    somebody = admin(hub)
    organisation.change(hub, {"lifecycle": {"nps_valid_days": 90}}, by="user:1")
    answer = somebody.post("/settings/lifecycle", **DELIVERED, version="0")
    assert (answer.status_code, "Somebody changed the settings meanwhile." in words(answer)) == (422, True)
    answer = somebody.post("/settings/organisation", time_zone="UTC", version="0")
    assert answer.status_code == 422
    with hub.database.reading() as tx:
        assert organisation.settled(tx).rules.nps_valid_days == 90


def test_the_organisation_is_settled_and_its_history_shown(hub: Hub) -> None:
    somebody = admin(hub)
    wanted = {"time_zone": "America/Sao_Paulo", "currency": "brl", "country": "BR"}
    assert somebody.post("/settings/organisation", **wanted, version=version(somebody)).status_code == 303
    said = somebody.text("/settings/organisation")
    assert "Time zone: UTC → America/Sao_Paulo" in said
    assert "Currency: - → BRL" in said
    with hub.database.reading() as tx:
        held = organisation.settled(tx).organisation
    assert (held.time_zone, held.currency, held.country) == ("America/Sao_Paulo", "BRL", "BR")
    assert somebody.post("/settings/organisation", **wanted, version=version(somebody)).status_code == 303
    assert "Nothing was changed." in somebody.text("/settings/organisation")
    assert "Changed the organisation Admin" in somebody.text("/settings/audit")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("time_zone", ""),
        ("time_zone", "../etc"),
        ("currency", "real"),
        ("currency", "B1L"),
        ("country", "Brazil"),
    ],
)
def test_a_place_that_is_none_is_a_message(hub: Hub, name: str, value: str) -> None:
    somebody = admin(hub)
    wanted = {"time_zone": "UTC", "currency": "", "country": "", "version": "0", name: value}
    answer = somebody.post("/settings/organisation", **wanted)
    assert (answer.status_code, 'aria-invalid="true"' in answer.text or 'role="alert"' in answer.text) == (422, True)
    with hub.database.reading() as tx:
        assert organisation.settled(tx).version == 0


@pytest.mark.parametrize("role", [access.VIEWER, access.OPERATOR, access.PRIVACY])
def test_others_read_the_settings_and_do_not_change_them(hub: Hub, role: str) -> None:
    somebody = signed_in(create_app(hub), hub, role)
    rules, place = somebody.get("/settings/lifecycle"), somebody.get("/settings/organisation")
    assert "Days without a purchase until somebody is churned 180" in words(rules)
    assert "Currency not said" in words(place)
    assert "<input" not in re.sub(r'<input type="hidden"[^>]*>', "", rules.text + place.text)
    assert somebody.get(f"/settings/lifecycle/preview?{form()}").status_code == 403
    assert somebody.post("/settings/lifecycle", **DELIVERED, version="0").status_code == 403
    assert somebody.post("/settings/organisation", time_zone="UTC", version="0").status_code == 403


def test_settings_are_changed_only_with_a_form_of_ours(hub: Hub) -> None:
    somebody = admin(hub)
    assert somebody.client.post("/settings/lifecycle", data={**DELIVERED, "version": "0"}).status_code == 400
    assert somebody.client.post("/settings/organisation", data={"time_zone": "UTC", "version": "0"}).status_code == 400
