"""The stand-in for Gainsight CS: what its queries select, filter, sort and refuse, what is deleted, and how much there is."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from connectors.gainsight.sandbox import ACCESS_KEY, STANDIN
from connectors.gainsight.sandbox_records import gsid, number_of
from hub.sandbox.chance import instant
from hub.sandbox.serve import application
from hub.sandbox.standin import Controls, controls
from hub.sandbox.world import World

KEY = {"AccessKey": ACCESS_KEY}
NOW = 1_795_000_000
WORLD = World(300)
QUERY = "/v1/data/objects/query"
OF_TYPE = {
    "Company": "company",
    "Person": "contact",
    "company_person": "membership",
    "relationship": "subscription",
    "nps_survey_response": "survey_response",
    "gsuser": "owner",
}


@pytest.fixture
def held() -> Controls:
    made = controls(lambda: NOW)
    made.faults.limits = False
    return made


@pytest.fixture
def client(held: Controls) -> FlaskClient:
    return application(STANDIN, WORLD, held).test_client()


def asked(client: FlaskClient, path: str, **body: Any) -> Any:
    return client.post(path, json=body, headers=KEY)


def records(client: FlaskClient, name: str, *select: str, **body: Any) -> list[Any]:
    data = asked(client, f"{QUERY}/{name}", select=list(select), **body).json["data"]
    return list(data if isinstance(data, list) else data["records"])


def where(*conditions: tuple[str, str, Any], expression: str = "A", word: str = "name") -> dict[str, Any]:
    told = [
        {word: name, "operator": operator, "value": value, "alias": alias}
        for alias, (name, operator, value) in zip("ABC", conditions, strict=False)
    ]
    return {"conditions": told, "expression": expression}


@pytest.mark.parametrize("number", [1, 10_000_001, 987_654_321])
def test_a_gsid_reads_back_as_its_number_and_belongs_to_one_object(number: int) -> None:
    assert len(gsid("person", number)) == 36
    assert number_of("person", gsid("person", number)) == number
    with pytest.raises(ValueError, match="invalid literal"):
        number_of("company", gsid("person", number))


@pytest.mark.parametrize("name", OF_TYPE)
def test_a_query_reads_as_many_as_there_are(client: FlaskClient, name: str) -> None:
    found = [one["Gsid"] for one in records(client, name, "Gsid")]
    assert len(set(found)) == len(found) == STANDIN.truth(WORLD)[OF_TYPE[name]] > 0


def test_timeline_and_ctas_are_the_activities(client: FlaskClient) -> None:
    ctas = asked(client, "/v2/cockpit/cta/list", select=["Name"], pageSize=1000, pageNumber=1).json["data"]
    assert ctas
    assert len(ctas) + len(records(client, "activity_timeline", "Gsid")) == STANDIN.truth(WORLD)["activity"]


def test_pages_by_offset_hold_everything_once(client: FlaskClient) -> None:
    whole = records(client, "Person", "Gsid", orderBy={"ModifiedDate": "asc", "Gsid": "asc"})
    pages = [
        records(client, "Person", "Gsid", orderBy={"ModifiedDate": "asc", "Gsid": "asc"}, limit=50, offset=at)
        for at in range(0, len(whole) + 50, 50)
    ]
    assert [one for page in pages for one in page] == whole
    assert pages[-1] == []


def test_only_what_is_selected_is_told_under_the_name_that_was_written(client: FlaskClient) -> None:
    (one,) = records(client, "company", "name", "csm", "Website__gc", limit=1, where=where(("Csm", "IS_NOT_NULL", [])))
    assert list(one) == ["name", "csm", "Website__gc"]
    assert number_of("gsuser", one["csm"]) in range(len(WORLD.staff))


def test_times_are_milliseconds_in_queries_and_text_in_cockpit(client: FlaskClient) -> None:
    assert isinstance(records(client, "Company", "RenewalDate", limit=1)[0]["RenewalDate"], int)
    one = asked(client, "/v2/cockpit/cta/list", select=["ModifiedDate", "Comments"]).json["data"][0]
    assert one["ModifiedDate"].endswith("Z")
    assert "Comments" not in one
    assert one["StatusId"].startswith("1I00")
    assert one["StatusId__gr.Name"] in ("New", "Work In Progress", "Closed Success", "Closed Lost")


def test_a_membership_names_its_person_and_its_company(client: FlaskClient) -> None:
    people, companies = ({one["Gsid"] for one in records(client, name, "Gsid")} for name in ("Person", "Company"))
    for one in records(client, "company_person", "Person_ID", "Company_ID"):
        assert one["Person_ID"] in people
        assert one["Company_ID"] in companies


@pytest.mark.parametrize("moment", ["2026-06-01T00:00:00.000+0000", "2026-06-01T00:00:00Z", "2026-06-01 00:00:00"])
def test_records_changed_since_are_those_that_were(client: FlaskClient, moment: str) -> None:
    whole = records(client, "Person", "Gsid", "ModifiedDate", orderBy={"ModifiedDate": "asc"})
    late = [one for one in whole if one["ModifiedDate"] >= 1_780_272_000_000]
    assert 0 < len(late) < len(whole)
    since = where(("ModifiedDate", "GTE", [moment]))
    assert records(client, "Person", "Gsid", "ModifiedDate", orderBy={"ModifiedDate": "asc"}, where=since) == late


def test_all_conditions_must_hold(client: FlaskClient) -> None:
    whole = records(client, "Person", "Gsid", "ModifiedDate", orderBy={"Gsid": "asc"})
    text = instant(sorted(one["ModifiedDate"] for one in whole)[len(whole) // 2]).isoformat()
    later = where(("Gsid", "GT", [whole[3]["Gsid"]]), ("ModifiedDate", "GTE", [text]), expression="A AND B")
    found = records(client, "Person", "Gsid", "ModifiedDate", orderBy={"Gsid": "asc"}, where=later)
    assert found == [one for one in whole[4:] if instant(one["ModifiedDate"]).isoformat() >= text]
    assert 0 < len(found) < len(whole) - 4


def test_what_lies_between_and_what_is_empty_is_found(client: FlaskClient) -> None:
    whole = records(client, "Person", "Gsid", "ModifiedDate", orderBy={"ModifiedDate": "asc"})
    first, last = (instant(whole[at]["ModifiedDate"]).isoformat() for at in (2, 5))
    between = where(("ModifiedDate", "BTW", [first, last]))
    assert records(client, "Person", "Gsid", "ModifiedDate", orderBy={"ModifiedDate": "asc"}, where=between) == whole[2:6]
    unscored = records(client, "relationship", "CurrentScore", where=where(("CurrentScore", "IS_NULL", [])))
    scored = records(client, "relationship", "CurrentScore", where=where(("CurrentScore", "IS_NOT_NULL", [])))
    assert {one["CurrentScore"] for one in unscored} <= {None}
    assert len(unscored) + len(scored) == STANDIN.truth(WORLD)["subscription"]
    assert all(0 <= one["CurrentScore"] <= 100 for one in scored)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (f"{QUERY}/Company", {"select": ["Gsid", "Invented"]}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Company", {}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Company", {"select": ["Stage__gr.Name"]}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Company", {"select": ["Margin__gc"]}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Person", {"select": ["Gsid"], "where": where(("Gsid", "EQ", ["a"]), expression="B")}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Company", {"select": ["Gsid"], "orderBy": {"Invented": "asc"}}, 400, "GSOBJ_1002"),
        (f"{QUERY}/activity_timeline", {"select": ["ModifiedDate"]}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Person", {"select": ["Gsid"], "where": where(("Email", "LIKE", ["a"]))}, 400, "GSOBJ_1002"),
        (f"{QUERY}/Company", {"select": ["Gsid"], "where": where(("Name", "EQ", ["Nobody"]))}, 400, "GSOBJ_1011"),
        ("/v2/cockpit/cta/list", {"select": ["Invented"]}, 200, "COCKPIT_5101"),
        ("/v2/cockpit/cta/list", {"select": ["Name"], "where": where(("Name", "EQ", ["a"]))}, 200, "COCKPIT_5101"),
    ],
)
def test_what_it_refuses_is_told_with_result_false(
    client: FlaskClient, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = asked(client, path, **body)
    assert (answer.status_code, answer.json["result"], answer.json["errorCode"]) == (status, False, code)


@pytest.mark.parametrize("name", ["Invented", "record_delete_log_high_volume"])
def test_an_object_that_is_not_there_is_said_not_to_be_found(client: FlaskClient, name: str) -> None:
    answer = asked(client, f"{QUERY}/{name}", select=["Gsid"])
    assert (answer.status_code, answer.json["title"], answer.json["result"]) == (400, "OBJECT_NOT_FOUND", False)


@pytest.mark.parametrize("headers", [{}, {"AccessKey": "wrong"}, {"Authorization": f"Bearer {ACCESS_KEY}"}])
def test_without_the_access_key_nobody_comes_in(client: FlaskClient, headers: dict[str, str]) -> None:
    answer: Any = client.post(f"{QUERY}/Company", json={"select": ["Gsid"]}, headers=headers)
    assert (answer.status_code, answer.json["errorCode"]) == (401, "GS_APIG_2401")


def test_the_hundred_and_first_request_of_a_minute_waits(held: Controls, client: FlaskClient) -> None:
    held.faults.limits = True
    statuses = [asked(client, f"{QUERY}/gsuser", select=["Gsid"]).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]


def test_a_deleted_person_is_gone_and_in_the_log_for_fifteen_days() -> None:
    moments = [NOW]
    client = application(STANDIN, WORLD, controls(lambda: moments[-1])).test_client()
    found = next(STANDIN.contact_id(index) for index in range(300) if WORLD.knows("gainsight", index))
    client.post("/__sandbox/delete", json={"object": "person", "id": found})
    assert found not in {one["Gsid"] for one in records(client, "Person", "Gsid")}
    named = where(("ObjectName", "EQ", ["Person"]), ("DeletedOn", "GT", ["2026-11-01 00:00:00"]), expression="A AND B")
    (told,) = records(client, "record_delete_log", "RecordId", "DeletedOn", "ObjectName", where=named)
    assert (told["RecordId"], told["ObjectName"], told["DeletedOn"][-1]) == (found, "Person", "Z")
    moments.append(NOW + 15 * 86_400 + 1)
    assert records(client, "record_delete_log", "RecordId") == []


def test_a_deleted_cta_is_in_cockpits_own_list(client: FlaskClient) -> None:
    one = asked(client, "/v2/cockpit/cta/list", select=["Name"]).json["data"][0]["Gsid"]
    client.post("/__sandbox/delete", json={"object": "call_to_action", "id": one})
    told = asked(client, "/v2/cockpit/cta/deleted/list", select=["Name", "ModifiedDate"]).json
    assert ([each["Gsid"] for each in told["data"]], told["currentPageNum"]) == ([one], 1)


def described(client: FlaskClient, *names: str) -> Any:
    return asked(client, "/v1/meta/services/objects/describe", objectNames=list(names), populatePickListOptions="true")


def test_the_metadata_tells_the_fields_and_which_of_them_are_hidden(client: FlaskClient) -> None:
    (told,) = described(client, "Company").json["data"]
    fields = {field["fieldName"]: field["meta"]["hidden"] for field in told["fields"]}
    assert [name for name, hidden in fields.items() if hidden] == ["Margin__gc"]
    assert records(client, "Company", *(name for name, hidden in fields.items() if not hidden), limit=1)
    missing = described(client, "Company", "Invented")
    assert (missing.status_code, missing.json["title"]) == (400, "OBJECT_NOT_FOUND")


def test_the_metadata_tells_what_the_items_of_picklists_are_called(client: FlaskClient) -> None:
    told = [field for one in described(client, "Company", "relationship").json["data"] for field in one["fields"]]
    lists = {(field["objectName"], field["fieldName"]): field["options"] for field in told if field["options"]}
    assert sorted(lists) == [("company", "Stage"), ("company", "Status"), ("relationship", "Stage"), ("relationship", "Status")]
    items = {option["value"]: option["label"] for option in lists["company", "Status"]}
    assert list(items.values()) == ["Active", "Inactive", "Churn"]
    assert {one["Status"] for one in records(client, "Company", "Status")} <= set(items)


def test_a_token_is_given_for_an_id_and_a_secret_and_opens_for_a_day() -> None:
    moments = [NOW]
    client = application(STANDIN, WORLD, controls(lambda: moments[-1])).test_client()

    def token(secret: str) -> Any:
        form = {"grant_type": "client_credentials"}
        return client.post("/v1/users/m2m/oauth/token", data=form, auth=("sandbox-client", secret))

    refused, given = token("wrong"), token("sandbox-secret").json
    assert (refused.status_code, refused.json["error"]) == (401, "invalid_client")
    assert (given["token_type"], given["expires_in"], sorted(given)) == (
        "Bearer",
        86_400,
        ["access_token", "expires_in", "token_type"],
    )
    opened = {"Authorization": f"Bearer {given['access_token']}"}
    assert client.post(f"{QUERY}/gsuser", json={"select": ["Gsid"]}, headers=opened).status_code == 200
    moments.append(NOW + 86_401)
    assert client.post(f"{QUERY}/gsuser", json={"select": ["Gsid"]}, headers=opened).status_code == 401


def test_answers_are_from_nought_to_ten(client: FlaskClient) -> None:
    scores = {one["NPSScore"] for one in records(client, "nps_survey_response", "NPSScore")}
    assert {0, 10} <= scores <= set(range(11))
