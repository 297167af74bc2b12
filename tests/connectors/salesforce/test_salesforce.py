"""The Salesforce connector against answers written from Salesforce's documentation (README.md beside this file)."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from connectors.salesforce import CONNECTOR
from hub.errors import HubError, RateLimited, Retry, StopStream
from hub.spec import Next, Reply, Request
from hub.sync.connect import answered
from hub.sync.reader import pages
from tests.connectors.salesforce.answers import recorded

DATA = "/services/data/v63.0"
SINCE = datetime(2026, 3, 20, 7, 0, tzinfo=timezone(timedelta(hours=-3)))
NEWER = "WHERE SystemModstamp >= 2026-03-20T10:00:00Z"
NAMES = "Id, IsDeleted, LastName, MailingCity, Email, SystemModstamp, Pontos__c"
CONTACTS = CONNECTOR.stream("contacts")
JOB = f"{DATA}/jobs/query/750Hs00000jobIDIAY"


def soql(fields: str, table: str, *more: str) -> str:
    return " ".join(("SELECT", fields, "FROM", table, *more))


def told(name: str, status: int = 200, **headers: str) -> HubError | None:
    assert CONNECTOR.errors is not None
    return CONNECTOR.errors(Reply(status=status, body=recorded(name), headers=headers))


def after(request: Request, body: Any, **headers: str) -> Next | None:
    return CONTACTS.following(request, Reply(status=200, body=body, headers={n.replace("_", "-"): v for n, v in headers.items()}))


def described(*, rows: int, newer: str = "") -> Request:
    return Request(path=f"{DATA}/sobjects/Contact/describe", kept={"rows": rows, "newer": newer})


def results() -> str:
    return (Path(__file__).parent / "results.csv").read_text()


def test_a_run_begins_by_counting_deleted_rows_included() -> None:
    count = Request(path=f"{DATA}/queryAll", params={"q": "SELECT COUNT() FROM Contact"}, kept={"newer": ""})
    assert CONTACTS.start(None) == count
    changed = Request(path=f"{DATA}/queryAll", params={"q": soql("COUNT()", "Contact", NEWER)}, kept={"newer": NEWER})
    assert CONTACTS.start(SINCE) == changed


def test_where_nothing_changed_one_call_is_all() -> None:
    assert after(CONTACTS.start(SINCE), recorded("nothing")) is None
    assert CONTACTS.found(Reply(status=200, body=recorded("nothing"))) == []


def test_what_there_is_to_select_is_asked_before_it_is_selected() -> None:
    assert after(CONTACTS.start(SINCE), recorded("count")) == Next(request=described(rows=5, newer=NEWER))
    selected = Request(path=f"{DATA}/queryAll", params={"q": soql(NAMES, "Contact", NEWER)})
    assert after(described(rows=5, newer=NEWER), recorded("described")) == Next(request=selected)
    assert CONTACTS.found(Reply(status=200, body=recorded("described"))) == []


def test_a_page_leads_to_the_next_until_the_last() -> None:
    query = Request(path=f"{DATA}/queryAll", params={"q": "SELECT Id FROM Contact"})
    assert after(query, recorded("page_first")) == Next(request=Request(path=f"{DATA}/query/0r8Hs00000abcdEF-2000"))
    assert after(query, recorded("contacts")) is None


@pytest.mark.parametrize("body", [{"error": "nobody knows"}, [], None, {"records": "none"}])
def test_an_answer_that_is_none_of_these_is_asked_for_again(body: Any) -> None:
    assert CONTACTS.found(Reply(status=200, body=body)) is None
    with pytest.raises(Retry):
        list(pages(CONTACTS, CONTACTS.start(None), lambda _request: Reply(status=200, body=body)))


def test_more_than_fifty_thousand_rows_are_read_by_a_job() -> None:
    some = after(described(rows=50_000), recorded("described"))
    assert some is not None
    assert some.request.method == "GET"
    query = soql(NAMES, "Contact")
    job = {"operation": "queryAll", "query": query, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF"}
    made = Request(method="POST", path=f"{DATA}/jobs/query", json=job, kept={"query": query})
    assert after(described(rows=50_001), recorded("described")) == Next(request=made)


def test_a_query_too_long_for_an_address_goes_into_the_body_of_a_job() -> None:
    many = {"fields": [{"name": f"Field_{number:04}__c", "type": "string"} for number in range(600)]}
    found = after(described(rows=3, newer=NEWER), many)
    assert found is not None
    assert found.request.method == "POST"
    assert found.request.json["query"].endswith(f"Field_0599__c FROM Contact {NEWER}")


def test_nobody_waits_for_a_job_and_its_results_are_read_part_by_part() -> None:
    asked = Request(path=JOB, kept={"query": "SELECT Id FROM Contact"})
    made = Request(method="POST", path=f"{DATA}/jobs/query", kept=asked.kept)
    waiting = Next(request=asked, not_before=timedelta(seconds=20))
    assert after(made, recorded("job_made")) == waiting
    assert after(asked, recorded("job_under_way")) == waiting
    assert CONTACTS.found(Reply(status=200, body=recorded("job_under_way"))) == []
    part = Request(path=f"{JOB}/results", params={"maxRecords": 5000}, headers={"Accept": "text/csv"})
    assert after(asked, recorded("job_complete")) == Next(request=part)
    assert after(part, results(), sforce_locator="MTAwMDA") == Next(request=part.asking(locator="MTAwMDA"))
    assert after(part, results(), sforce_locator="null") is None


def test_what_a_job_could_not_read_is_queried() -> None:
    asked = Request(path=JOB, kept={"query": "SELECT Id FROM Contact"})
    query = Request(path=f"{DATA}/queryAll", params={"q": "SELECT Id FROM Contact"})
    assert after(asked, recorded("job_failed")) == Next(request=query)
    assert after(asked, {**recorded("job_failed"), "state": "Aborted"}) == Next(request=query)


def test_the_rows_of_a_job_are_those_of_a_query_with_own_fields_apart() -> None:
    moment = "2026-03-02T09:00:00.000Z"
    ana = {"Id": "003Hs00004aBcD1IAK", "IsDeleted": "false", "LastName": "Moura", "Email": "ana@acme.example"}
    eva = {"Id": "003Hs00004aBcD4IAK", "IsDeleted": "true", "LastName": 'Lima, "Eva"', "Email": None}
    assert CONTACTS.found(Reply(status=200, body=results())) == [
        {**ana, "SystemModstamp": moment, "custom": {"Pontos__c": "120.0"}},
        {**eva, "SystemModstamp": moment, "custom": {}},
    ]
    (row, *_) = CONTACTS.found(Reply(status=200, body=recorded("contacts"))) or []
    assert row["custom"] == {"Pontos__c": 120.0, "Idioma__c": "pt-BR"}
    assert "attributes" not in row
    assert "Pontos__c" not in row


def test_fields_of_the_organisation_s_own_have_one_of_three_endings() -> None:
    row = {"Id": "001", "Cor__c": "azul", "Cor__pc": "verde", "Onde__Latitude__s": -25.4, "acme__Nota__c": None, "Name": "Acme"}
    assert CONTACTS.found(Reply(status=200, body={"records": [row]})) == [
        {"Id": "001", "Name": "Acme", "custom": {"Cor__c": "azul", "Cor__pc": "verde", "Onde__Latitude__s": -25.4}}
    ]


def test_a_torn_row_of_a_job_is_read_as_far_as_it_goes() -> None:
    assert CONTACTS.found(Reply(status=200, body='"Id","Email"\n"003"\n"004","a@acme.example","more"\n')) == [
        {"Id": "003", "Email": None, "custom": {}},
        {"Id": "004", "Email": "a@acme.example", "": ["more"], "custom": {}},
    ]


def test_a_deleted_row_is_gone_but_a_merged_one_still_says_into_which() -> None:
    assert CONTACTS.gone is not None
    rows = CONTACTS.found(Reply(status=200, body=recorded("contacts"))) or []
    assert [row["FirstName"] for row in rows if CONTACTS.gone(row)] == ["Eva"]
    assert [CONTACTS.gone({"IsDeleted": said}) for said in ("true", "false", True, False, None, ["?"])] == [
        *(True, False, True, False, False, False)
    ]


def test_the_history_and_the_roles_of_opportunities_are_folded_in() -> None:
    history, roles = CONNECTOR.stream("opportunities").also
    won, still = "006Hs00001Zz0A1IAJ", "006Hs00001Zz0A3IAJ"
    theirs = f"WHERE OpportunityId IN ('{won}', '{still}') ORDER BY CreatedDate DESC"
    query = soql("OpportunityId, StageName, CreatedDate", "OpportunityHistory", theirs)
    assert history.request([won, still]) == Request(path=f"{DATA}/query", params={"q": query})
    assert {one: len(rows) for one, rows in history.read(recorded("history")).items()} == {won: 5, still: 1}
    people = {one: [row["ContactId"] for row in rows] for one, rows in roles.read(recorded("roles")).items()}
    assert people == {won: ["003Hs00004aBcD2IAK", "003Hs00004aBcD1IAK"], still: ["003Hs00004aBcD2IAK"]}
    assert (history.into, roles.into) == ("history", "roles")
    assert history.read(recorded("nothing")) == {}


def test_users_and_stages_are_read_whole_before_anything_else() -> None:
    users, stages = CONNECTOR.references
    fields = "Id, Name, Email, IsActive, UserType, CreatedDate, LastModifiedDate, SystemModstamp"
    assert users.start(SINCE).params["q"] == soql(fields, "User", NEWER)
    assert stages.start(SINCE).params["q"] == (
        "SELECT Id, MasterLabel, ApiName, IsActive, SortOrder, IsClosed, IsWon, DefaultProbability "
        "FROM OpportunityStage ORDER BY SortOrder"
    )
    (page,) = pages(stages, stages.start(None), lambda _request: Reply(status=200, body=recorded("opportunity_stages")))
    assert page.records == [recorded("opportunity_stages")]
    assert stages.found(Reply(status=200, body=recorded("nothing"))) == []
    assert stages.found(Reply(status=200, body={"error": "nobody knows"})) is None


@pytest.mark.parametrize(("name", "after"), [("error_daily", timedelta(hours=1)), ("error_long", timedelta(minutes=1))])
def test_a_limit_is_waited_out_as_long_as_it_is(name: str, after: timedelta) -> None:
    found = told(name, 403)
    assert isinstance(found, RateLimited)
    assert found.after == after


@pytest.mark.parametrize(("name", "words"), [("error_field", "a field is not there"), ("error_locator", "reading begins anew")])
def test_what_a_person_must_change_stops_the_stream_in_words(name: str, words: str) -> None:
    found = told(name, 400)
    assert isinstance(found, StopStream)
    assert words in str(found)


def test_a_query_that_took_too_long_is_tried_again_and_a_session_that_ended_is_left_to_its_status() -> None:
    found = told("error_timeout", 400)
    assert isinstance(found, Retry)
    assert not isinstance(found, RateLimited)
    assert told("error_session", 401) is None


@pytest.mark.parametrize(
    ("said", "stops"),
    [
        ("api-usage=13500/15000", True),
        ("api-usage=13499/15000", False),
        ("api-usage=14000/15000; per-app-api-usage=17/250(appName=sample-app)", True),
        ("api-usage=1/0", False),
        ("per-app-api-usage", False),
        ("", False),
    ],
)
def test_the_last_tenth_of_the_day_s_calls_is_left_to_others(said: str, *, stops: bool) -> None:
    found = told("contacts", 200, **{"sforce-limit-info": said})
    assert isinstance(found, RateLimited) == stops


def test_the_account_is_the_organisation_under_the_host_that_its_people_know() -> None:
    me = recorded("userinfo")
    assert CONNECTOR.account.id(me) == "00DHs0000004aBCMAY"
    assert CONNECTOR.account.name(me) == "Salesforce ciclo.my.salesforce.com"
    assert CONNECTOR.account.name({**me, "urls": None}) == "Salesforce 00DHs0000004aBCMAY"


@pytest.mark.parametrize("host", ["login.salesforce.com", "test.salesforce.com", "acme--dev.sandbox.my.salesforce.com"])
def test_the_sign_in_host_is_one_of_salesforce(host: str) -> None:
    assert answered(CONNECTOR, {"login": host}) == {"login": host}


@pytest.mark.parametrize("host", ["salesforce.com.attacker.example", "https://login.salesforce.com", "evilsalesforce.com", ""])
def test_no_other_host_is_taken_for_it(host: str) -> None:
    with pytest.raises(HubError):
        answered(CONNECTOR, {"login": host})


def test_our_own_pace_stays_below_the_smallest_organisation_s_day() -> None:
    (pace,) = CONNECTOR.pace
    assert pace.calls * (86_400 / pace.per) < 15_000


def test_each_run_looks_back_over_long_transactions_and_everything_is_read_weekly() -> None:
    assert {stream.lag for stream in CONNECTOR.streams} == {timedelta(minutes=15)}
    assert {stream.sweep for stream in CONNECTOR.streams} == {timedelta(days=7)}
