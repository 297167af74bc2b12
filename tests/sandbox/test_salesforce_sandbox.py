"""What the Salesforce stand-in promises, seen through its API."""

import csv
import io
from string import Template
from typing import Any

import pytest

from connectors.salesforce.sandbox import STANDIN
from connectors.salesforce.sandbox_records import IDS, SHAPES
from hub.sandbox.oauth import challenge_of
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

Client = Any
"""Flask's test client, whose answers' `.json` may be anything."""
NOW = 1_795_000_000.0
DATA = "/services/data/v60.0"
BACK = "https://hub.example/back"
CLIENT = {"client_id": "sandbox-client", "client_secret": "sandbox-secret"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(260)


@pytest.fixture
def clock() -> list[float]:
    return [NOW]


@pytest.fixture
def held(clock: list[float]) -> Controls:
    return controls(lambda: clock[0])


@pytest.fixture
def api(world: World, held: Controls) -> Client:
    return application(STANDIN, world, held).test_client()


def signed_in(api: Client, held: Controls, *scopes: str, challenge: str | None = None, **more: str) -> Any:
    """The answer to a code."""
    assert held.server is not None
    code = held.server.code(client="sandbox-client", redirect_uri=BACK, scopes=scopes, challenge=challenge)
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **CLIENT, **more}
    return api.post("/services/oauth2/token", data=asked)


@pytest.fixture
def auth(api: Client, held: Controls) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed_in(api, held, 'api', 'refresh_token').json['access_token']}"}


def filled(soql: str, **values: str) -> str:
    """A query with values in the places of their names."""
    return Template(soql).substitute(values)


class Asking:
    """Asks as one client."""

    def __init__(self, api: Client, auth: dict[str, str]) -> None:
        self.api, self.auth = api, auth

    def get(self, path: str, **query: Any) -> Any:
        return self.api.get(DATA + path, query_string=query, headers=self.auth)

    def query(self, soql: str, path: str = "/query") -> Any:
        return self.get(path, q=soql)

    def rows(self, soql: str, path: str = "/query") -> list[dict[str, Any]]:
        answer = self.query(soql, path).json
        found = list(answer["records"])
        while not answer["done"]:
            answer = self.api.get(answer["nextRecordsUrl"], headers=self.auth).json
            found += answer["records"]
        return found

    def refused(self, soql: str) -> tuple[int, str]:
        answer = self.query(soql)
        return answer.status_code, answer.json[0]["errorCode"]

    def act(self, name: str, **said: Any) -> Any:
        answer = self.api.post(f"/__sandbox/{name}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def org(api: Client, auth: dict[str, str]) -> Asking:
    return Asking(api, auth)


def test_a_code_brings_a_session_that_says_where_the_org_is_and_not_when_it_ends(api: Client, held: Controls) -> None:
    told = signed_in(api, held, "api", "refresh_token", challenge=challenge_of("v" * 43), code_verifier="v" * 43).json
    assert set(told) == {"access_token", "refresh_token", "scope", "id", "instance_url", "token_type", "issued_at"}
    assert told["instance_url"] == "https://ciclo-sandbox.my.salesforce.com"
    assert told["access_token"].startswith("00D000000000001!")
    assert "refresh_token" not in signed_in(api, held, "api").json
    wrong = signed_in(api, held, "api", challenge=challenge_of("v" * 43), code_verifier="w" * 43)
    assert (wrong.status_code, wrong.json["error"]) == (400, "invalid_grant")


def test_a_refresh_brings_no_new_refresh_token_and_the_old_one_lasts(api: Client, held: Controls) -> None:
    first = signed_in(api, held, "api", "refresh_token").json
    asked = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **CLIENT}
    for _ in range(2):
        told = api.post("/services/oauth2/token", data=asked).json
        assert "refresh_token" not in told
        assert told["instance_url"] == first["instance_url"]
    assert api.post("/services/oauth2/revoke", data={"token": first["refresh_token"], **CLIENT}).status_code == 200
    ended = api.post("/services/oauth2/token", data=asked)
    assert (ended.status_code, ended.json["error"]) == (400, "invalid_grant")


def test_a_session_that_ended_is_refused_in_a_list_of_errors(org: Asking, held: Controls, api: Client) -> None:
    who = api.get("/services/oauth2/userinfo", headers=org.auth).json
    assert (who["organization_id"], who["urls"]) == (
        "00D000000000001EAA",
        {"custom_domain": "https://ciclo-sandbox.my.salesforce.com"},
    )
    assert held.server is not None
    held.server.expire()
    answer = org.get("/limits")
    assert (answer.status_code, answer.json) == (
        401,
        [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}],
    )
    assert api.get("/services/oauth2/userinfo", headers=org.auth).status_code == 403


def test_every_answer_counts_and_a_used_up_day_is_a_403(org: Asking, held: Controls) -> None:
    assert org.get("/limits").headers["Sforce-Limit-Info"] == "api-usage=1/15000"
    answer = org.get("/limits")
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=2/15000"
    assert answer.json["DailyApiRequests"] == {"Max": 15000, "Remaining": 14998}
    held.faults.limit_next = 1
    refused = org.query("SELECT Id FROM User")
    assert (refused.status_code, refused.json[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")


def test_ids_are_eighteen_characters_the_last_of_which_tell_the_capitals(org: Asking, world: World) -> None:
    assert IDS.of("Contact", 10_000_001) == "003000010000001AAA"
    assert IDS.of("Lead", 10_000_001) == "00Q000010000001EAA"
    known = next(index for index in range(world.people) if world.knows("salesforce", index))
    assert org.get(f"/sobjects/Contact/{STANDIN.contact_id(known)}").json["LastName"]
    for wrong in (f"00Q{10_000_001 + known:012}AAA", f"003{10_000_001 + known:012}EAA", "003nonsense", "00X000010000001AAA"):
        assert org.get(f"/sobjects/Contact/{wrong}").status_code == 404


def test_lists_hold_what_the_truth_says(org: Asking, world: World, api: Client) -> None:
    truth, door = STANDIN.truth(world), api.get("/__sandbox/truth").json
    found = {name: org.rows(filled("SELECT $a FROM $b", a=", ".join(SHAPES[name]), b=name)) for name in SHAPES}
    counts = {name: len(rows) for name, rows in found.items()}
    assert counts == door
    assert {name: len({row["Id"] for row in rows}) for name, rows in found.items()} == counts
    leads = [row for row in found["Lead"] if not row["IsConverted"]]
    assert 0 < len(leads) < truth["lead"] == counts["Lead"]
    assert truth["contact"] == counts["Contact"] + len(leads)
    assert [truth[kind] for kind in ("company", "deal", "ticket", "owner")] == [
        counts[name] for name in ("Account", "Opportunity", "Case", "User")
    ]
    ids = {row["Id"] for rows in found.values() for row in rows} | {None}
    for name, rows in found.items():
        linked = [field for field, kind in SHAPES[name].items() if kind.startswith("reference")]
        assert {row[field] for row in rows for field in linked} <= ids, name


def test_a_converted_lead_names_what_it_became_and_an_open_one_nothing(org: Asking) -> None:
    leads = org.rows("SELECT Status, IsConverted, ConvertedDate, ConvertedContactId, ConvertedAccountId FROM Lead")
    for lead in leads:
        named = [lead["ConvertedContactId"], lead["ConvertedAccountId"], lead["ConvertedDate"]]
        assert all(named) if lead["IsConverted"] else named == [None, None, None]
        assert lead["IsConverted"] == (lead["Status"] == "Closed - Converted")


def test_opportunities_stand_in_stages_that_say_whether_they_are_won(org: Asking) -> None:
    stages = {
        row["MasterLabel"]: row
        for row in org.rows("SELECT MasterLabel, IsClosed, IsWon, DefaultProbability FROM OpportunityStage")
    }
    found = org.rows("SELECT StageName, IsClosed, IsWon, Probability FROM Opportunity")
    assert {"Closed Won", "Closed Lost", "Projeto piloto"} <= {row["StageName"] for row in found} <= set(stages)
    for row in found:
        stage = stages[row["StageName"]]
        assert (row["IsClosed"], row["IsWon"], row["Probability"]) == (
            stage["IsClosed"],
            stage["IsWon"],
            stage["DefaultProbability"],
        )


def test_what_nobody_owns_waits_in_a_queue_which_lacks_what_users_have(org: Asking) -> None:
    queue = org.rows("SELECT Id FROM Group")[0]["Id"]
    for name in ("Lead", "Case"):
        found = org.rows(filled("SELECT OwnerId, Owner.Email FROM $a", a=name))
        assert {row["OwnerId"][:3] for row in found} == {"005", "00G"}, name
        assert {row["Owner"]["Email"] for row in found if row["OwnerId"] == queue} == {None}, name
    assert {row["OwnerId"][:3] for row in org.rows("SELECT OwnerId FROM Opportunity")} == {"005"}


def test_a_change_of_stage_is_written_to_the_history(org: Asking) -> None:
    deal = org.rows("SELECT Id FROM Opportunity WHERE IsClosed = false LIMIT 1")[0]["Id"]
    past = filled("SELECT StageName, CreatedDate FROM OpportunityHistory WHERE OpportunityId = '$a' ORDER BY CreatedDate", a=deal)
    before = org.rows(past)
    assert before[0]["StageName"] == "Prospecting"
    org.act("change", object="Opportunity", id=deal, fields={"StageName": "Closed Won"})
    org.act("change", object="Opportunity", id=deal, fields={"NextStep": "call"})
    after = org.rows(past)
    assert [row["StageName"] for row in after[len(before) :]] == ["Closed Won"]
    assert after[-1]["CreatedDate"] == "2026-11-18T11:06:40.000+0000"
    assert org.rows(filled("SELECT IsWon FROM Opportunity WHERE Id = '$a'", a=deal))[0]["IsWon"] is True


def test_queries_compare_as_salesforce_compares(org: Asking) -> None:
    everyone = org.rows(
        "SELECT Id, LastName, Email, Phone, HasOptedOutOfEmail, Pontos__c, SystemModstamp, AccountId FROM Contact"
    )

    def ids(where: str) -> list[str]:
        return [row["Id"] for row in org.rows(filled("SELECT Id FROM Contact WHERE $a", a=where))]

    def those(holds: Any) -> list[str]:
        return [row["Id"] for row in everyone if holds(row)]

    name, stamp = everyone[5]["LastName"], everyone[5]["SystemModstamp"]
    written = stamp.replace(".000+0000", "Z")
    assert ids(f"LastName = '{name.upper()}'") == those(lambda row: row["LastName"] == name)
    assert ids(f"SystemModstamp >= {written}") == those(lambda row: row["SystemModstamp"] >= stamp)
    assert ids(f"SystemModstamp > {written}") == those(lambda row: row["SystemModstamp"] > stamp)
    assert ids(f"SystemModstamp < {written}") == those(lambda row: row["SystemModstamp"] < stamp)
    assert ids(f"Phone = null OR SystemModstamp >= {written}") == those(
        lambda row: not row["Phone"] or row["SystemModstamp"] >= stamp
    )
    assert ids("Phone != null") == those(lambda row: row["Phone"])
    assert ids("HasOptedOutOfEmail = true AND Pontos__c > 40") == those(
        lambda row: row["HasOptedOutOfEmail"] and (row["Pontos__c"] or 0) > 40
    )
    assert ids("NOT (Phone = null OR HasOptedOutOfEmail = true)") == those(
        lambda row: row["Phone"] and not row["HasOptedOutOfEmail"]
    )
    two = [everyone[2]["Id"], everyone[7]["Id"]]
    assert ids(f"Id IN ('{two[0]}', '{two[1]}')") == two
    assert ids(f"Id NOT IN ('{two[0]}')") == those(lambda row: row["Id"] != two[0])
    assert ids(f"Id > '{two[1]}'") == those(lambda row: row["Id"] > two[1])
    assert ids(f"SystemModstamp = {written}") == those(lambda row: row["SystemModstamp"] == stamp)
    assert ids(f"SystemModstamp <= {written} AND Phone = null") == those(
        lambda row: row["SystemModstamp"] <= stamp and not row["Phone"]
    )


def test_an_order_puts_nothing_first(org: Asking) -> None:
    def points(order: str) -> list[Any]:
        return [row["Pontos__c"] for row in org.rows(filled("SELECT Pontos__c FROM Contact ORDER BY Pontos__c $a, Id", a=order))]

    there = sorted(value for value in points("ASC") if value is not None)
    absent = [None] * (len(points("ASC")) - len(there))
    assert points("ASC") == [*absent, *there]
    assert points("DESC") == [*absent, *reversed(there)]


def test_parents_are_nested_and_missing_ones_are_null(org: Asking) -> None:
    rows = org.rows("select id, account.name, Account.Owner.Name from contact order by Id")
    with_firm = next(row for row in rows if row["Account"])
    assert with_firm["Account"]["attributes"]["type"] == "Account"
    assert with_firm["Account"]["Owner"]["Name"]
    assert any(row["Account"] is None for row in rows)
    assert list(with_firm) == ["attributes", "Id", "Account"]


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Foo FROM Contact", "INVALID_FIELD"),
        ("SELECT Foo.Name FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Foo = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Contact ORDER BY Foo", "INVALID_FIELD"),
        ("SELECT LastName.Name FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Account.Name = 'a'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE LastName = 3", "INVALID_FIELD"),
        ("SELECT Id FROM Foo", "INVALID_TYPE"),
        ("SELECT Id FRM Contact", "MALFORMED_QUERY"),
        ("SELECT Id, FROM Contact", "MALFORMED_QUERY"),
        ("SELECT * FROM Contact", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE (LastName = 'a'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName = 'a' LastName = 'b'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE SystemModstamp >= 2026-01-01T00:00:00 00:00", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE SystemModstamp >= 2026-01-01", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName LIKES 'a'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact ORDER BY Id SIDEWAYS", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact LIMIT many", "MALFORMED_QUERY"),
        ("", "MALFORMED_QUERY"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_in_its_own_word(org: Asking, soql: str, code: str) -> None:
    assert org.refused(soql) == (400, code)


def test_answers_have_two_thousand_rows_at_most_and_fewer_where_rows_are_wide() -> None:
    held = controls(lambda: NOW)
    org = Asking(application(STANDIN, World(5600), held).test_client(), {})
    org.auth = {"Authorization": f"Bearer {signed_in(org.api, held, 'api').json['access_token']}"}
    first = org.query("SELECT Id FROM Contact").json
    assert (len(first["records"]), first["done"], first["totalSize"]) == (2000, False, 2240)
    assert first["nextRecordsUrl"].startswith(f"{DATA}/query/0r8")
    assert first["nextRecordsUrl"].endswith("-2000")
    assert len(org.rows("SELECT Id FROM Contact")) == 2240
    assert len(org.query("SELECT Id, Name, Email, Phone, Title FROM Contact").json["records"]) == 500
    lost = org.get("/query/0r8feedfeedfeedfeed-2000")
    assert (lost.status_code, lost.json[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_what_was_deleted_lies_in_the_bin_for_fifteen_days(org: Asking, clock: list[float], api: Client, held: Controls) -> None:
    gone = org.rows("SELECT Id FROM Contact LIMIT 1")[0]["Id"]
    org.act("delete", object="Contact", id=gone)
    asked = filled("SELECT Id, IsDeleted, MasterRecordId, SystemModstamp FROM Contact WHERE Id = '$a'", a=gone)
    assert org.rows(asked) == []
    assert org.get(f"/sobjects/Contact/{gone}").status_code == 404
    (found,) = org.rows(asked, "/queryAll")
    assert (found["IsDeleted"], found["MasterRecordId"], found["SystemModstamp"]) == (True, None, "2026-11-18T11:06:40.000+0000")
    org.act("restore", object="Contact", id=gone)
    assert org.rows(asked)[0]["IsDeleted"] is False
    org.act("delete", object="Contact", id=gone)
    clock[0] += 15 * 86_400 + 1
    org.auth = {"Authorization": f"Bearer {signed_in(api, held, 'api').json['access_token']}"}
    assert org.rows(asked, "/queryAll") == []


def test_whoever_was_merged_names_the_winner_who_gets_what_referred_to_them(org: Asking) -> None:
    linked = org.rows("SELECT ContactId FROM Case WHERE ContactId != null LIMIT 1")[0]["ContactId"]
    winner = org.rows(filled("SELECT Id FROM Contact WHERE Id != '$a' LIMIT 1", a=linked))[0]["Id"]
    counted = [len(org.rows(filled("SELECT Id FROM Case WHERE ContactId = '$a'", a=each))) for each in (winner, linked)]
    org.act("merge", object="Contact", id=winner, loser=linked)
    (lost,) = org.rows(filled("SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '$a'", a=linked), "/queryAll")
    assert (lost["IsDeleted"], lost["MasterRecordId"]) == (True, winner)
    assert len(org.rows(filled("SELECT Id FROM Case WHERE ContactId = '$a'", a=winner))) == sum(counted)
    assert org.rows(filled("SELECT Id FROM Case WHERE ContactId = '$a'", a=linked)) == []
    deal = org.rows("SELECT Id FROM Opportunity LIMIT 2")
    refused = org.api.post("/__sandbox/merge", json={"object": "Opportunity", "id": deal[0]["Id"], "loser": deal[1]["Id"]})
    assert refused.status_code == 404


def test_a_lead_is_converted_once_into_contact_account_and_opportunity(org: Asking) -> None:
    lead = org.rows("SELECT Id, LastName, Email, Company FROM Lead WHERE IsConverted = false LIMIT 1")[0]
    became = org.act("convert", id=lead["Id"])
    columns = "Status, IsConverted, ConvertedDate, ConvertedContactId, ConvertedAccountId, ConvertedOpportunityId"
    after = org.rows(filled("SELECT $a FROM Lead WHERE Id = '$b'", a=columns, b=lead["Id"]))[0]
    assert (after["Status"], after["IsConverted"], after["ConvertedDate"]) == ("Closed - Converted", True, "2026-11-18")
    assert after["ConvertedContactId"] == became["ConvertedContactId"]
    (contact,) = org.rows(filled("SELECT LastName, Email, AccountId FROM Contact WHERE Id = '$a'", a=after["ConvertedContactId"]))
    assert (contact["LastName"], contact["Email"]) == (lead["LastName"], lead["Email"])
    assert contact["AccountId"] == after["ConvertedAccountId"]
    (deal,) = org.rows(
        filled("SELECT AccountId, StageName, Name FROM Opportunity WHERE Id = '$a'", a=after["ConvertedOpportunityId"])
    )
    assert (deal["AccountId"], deal["StageName"]) == (contact["AccountId"], "Prospecting")
    assert deal["Name"] == f"{lead['Company']}-"
    assert org.api.post("/__sandbox/convert", json={"id": lead["Id"]}).status_code == 404


def test_a_description_lists_fields_with_their_types_and_custom_ones(org: Asking) -> None:
    told = org.get("/sobjects/Lead/describe").json
    fields = {field["name"]: field for field in told["fields"]}
    assert (told["keyPrefix"], list(fields)) == ("00Q", list(SHAPES["Lead"]))
    assert (fields["Interesse__c"]["custom"], fields["Status"]["custom"]) == (True, False)
    assert (fields["Address"]["type"], fields["ConvertedDate"]["type"]) == ("address", "date")
    assert (fields["ConvertedContactId"]["type"], fields["ConvertedContactId"]["referenceTo"]) == ("reference", ["Contact"])
    assert org.get("/sobjects/Foo/describe").json == [
        {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
    ]


def test_a_record_is_read_by_its_id(org: Asking) -> None:
    found = org.rows("SELECT Id, BillingCity FROM Account LIMIT 1")[0]
    told = org.get(f"/sobjects/Account/{found['Id']}").json
    assert set(told) == {"attributes", *SHAPES["Account"]}
    assert (told["Id"], told["BillingAddress"]["city"]) == (found["Id"], found["BillingCity"])
    assert org.get(f"/sobjects/Contact/{found['Id']}").status_code == 404


def bulk(org: Asking, soql: str, operation: str = "query", path: str = DATA) -> Any:
    return org.api.post(f"{path}/jobs/query", json={"operation": operation, "query": soql}, headers=org.auth)


def test_a_job_is_done_at_the_second_look_and_its_results_come_in_parts(org: Asking) -> None:
    made = bulk(org, "SELECT Id, Account.Name, Phone, CreatedDate, IsDeleted FROM Contact").json
    assert (made["state"], made["object"], made["apiVersion"]) == ("UploadComplete", "Contact", 60.0)
    path = f"/jobs/query/{made['id']}"
    assert org.get(f"{path}/results").status_code == 400
    assert [org.get(path).json["state"] for _ in range(3)] == ["InProgress", "JobComplete", "JobComplete"]
    found: list[dict[str, str]] = []
    parts: list[str] = []
    locator = ""
    while locator != "null" and len(parts) < 9:
        answer = org.get(f"{path}/results", maxRecords=40, **({"locator": locator} if locator else {}))
        found += list(csv.DictReader(io.StringIO(answer.text)))
        parts.append(answer.headers["Sforce-NumberOfRecords"])
        locator = answer.headers["Sforce-Locator"]
    rows = org.rows("SELECT Id, Account.Name, Phone, CreatedDate FROM Contact")
    assert (parts, len(rows)) == (["40", "40", "19"], 99)
    expected = [
        {
            "Id": row["Id"],
            "Account.Name": row["Account"]["Name"] if row["Account"] else "",
            "Phone": row["Phone"] or "",
            "CreatedDate": row["CreatedDate"].replace("+0000", "Z"),
            "IsDeleted": "false",
        }
        for row in rows
    ]
    assert found == expected
    assert org.api.delete(DATA + path, headers=org.auth).status_code == 204
    assert org.get(path).status_code == 404


def test_a_job_of_everything_has_the_bin_too_and_refuses_what_bulk_cannot_do(org: Asking) -> None:
    gone = org.rows("SELECT Id FROM Lead LIMIT 1")[0]["Id"]
    org.act("delete", object="Lead", id=gone)
    made = {operation: bulk(org, "SELECT Id FROM Lead", operation).json["id"] for operation in ("query", "queryAll")}
    counted = [[org.get(f"/jobs/query/{job}").json["numberRecordsProcessed"] for _ in range(2)][1] for job in made.values()]
    assert counted[1] == counted[0] + 1
    assert bulk(org, "SELECT Id, MailingAddress FROM Contact").json[0]["errorCode"] == "API_ERROR"
    assert bulk(org, "SELECT COUNT() FROM Contact").status_code == 400


def test_a_repeated_cursor_repeats(org: Asking, held: Controls) -> None:
    held.faults.repeat_cursor = True
    first = org.query(filled("SELECT $a FROM Contact", a=", ".join(SHAPES["Contact"]))).json
    again = org.api.get(first["nextRecordsUrl"], headers=org.auth).json
    assert again["records"] == first["records"]


def test_jobs_made_after_one_was_deleted_have_ids_of_their_own(org: Asking) -> None:
    first, second = (bulk(org, "SELECT Id FROM User").json["id"] for _ in range(2))
    org.api.delete(f"{DATA}/jobs/query/{first}", headers=org.auth)
    assert bulk(org, "SELECT Id FROM User").json["id"] not in (first, second)
    assert org.api.delete(f"{DATA}/jobs/query/{first}", headers=org.auth).status_code == 404
