"""The stand-in for Request Tracker answers the same requests as the real one does, with the same shapes."""

import json
from urllib.parse import quote

import pytest

from tests.e2e.real.client import Client, Pair
from tests.e2e.real.shapes import differences, shape

pytestmark = [pytest.mark.real, pytest.mark.timeout(1800)]

API = "/REST/2.0"
FIELDS = (
    "&fields=id,Subject,Status,Created,Started,Resolved,Due,Starts,Told,LastUpdated,EffectiveId,Priority,Requestor,Owner,Queue,"
    "CustomFields,Cc,AdminCc,Creator,LastUpdatedBy,Type,TimeWorked,TimeLeft,TimeEstimated,InitialPriority,FinalPriority,CustomRoles,Nonsense"
    "&fields[Requestor]=id,Name,EmailAddress,RealName,Organization&fields[Owner]=id,Name,EmailAddress&fields[Queue]=id,Name,Lifecycle"
)
USER_FIELDS = (
    "&fields=id,Name,EmailAddress,RealName,Organization,NickName,City,Country,MobilePhone,Created,LastUpdated,Disabled,Privileged"
)
BY_ID = "&orderby=id&order=ASC"


def search(query: str, more: str = "") -> str:
    return f"{API}/tickets?query={quote(query)}{more}"


def users(query: str, more: str = "") -> str:
    return f"{API}/users?query={quote(query)}{more}"


def listed(kind: str, field: str, value: str, more: str) -> str:
    return f"{API}/{kind}?query={quote(json.dumps([{'field': field, 'value': value}]))}{more}"


REQUESTS = {
    "the first page of tickets": search("id > 0 AND LastUpdated >= '2020-01-01 00:00:00'", f"{BY_ID}&per_page=5{FIELDS}"),
    "tickets without fields": search("id > 0", f"{BY_ID}&per_page=3"),
    "tickets of some statuses": search(
        "Status = 'open' OR (Status = 'resolved' AND id > 0)", f"{BY_ID}&per_page=100&fields=Status"
    ),
    "tickets of a queue by name": search("Queue = 'General' AND id > 0", f"{BY_ID}&per_page=2{FIELDS}"),
    "tickets of a queue by number": search("Queue = 1", f"{BY_ID}&per_page=2"),
    "tickets by the time of change": search("id > 0", "&orderby=LastUpdated&order=DESC&per_page=3&fields=LastUpdated"),
    "merged tickets": search("EffectiveId > 0", f"{BY_ID}&per_page=100&fields=id,EffectiveId"),
    "a page with the number in the middle": search("id > 0", f"{BY_ID}&page=2&per_page=3&fields=Status"),
    "a page beyond the last": search("id > 0", f"{BY_ID}&per_page=100&page=99"),
    "page 0": search("id > 0", f"{BY_ID}&per_page=2&page=0"),
    "five hundred a page": search("id > 0", f"{BY_ID}&per_page=500"),
    "no ticket": search("id > 999999999"),
    "a word where a number is wanted": search("id > 'abc'", BY_ID),
    "an unknown queue": search("Queue = 'Nope'"),
    "deleted tickets": search("Status = 'deleted'"),
    "a search without a query": f"{API}/tickets",
    "an unknown field": search("Foo = 3"),
    "half a query": search("id >= "),
    "an operator that does not exist": search("id IN (1, 2)"),
    "a ticket that does not exist": f"{API}/ticket/999999999",
    "a user that does not exist": f"{API}/user/999999999",
    "a path that does not exist": f"{API}/nothing",
    "users": users("[]", f"{BY_ID}&per_page=20{USER_FIELDS}"),
    "users without fields": users("[]", f"{BY_ID}&per_page=2"),
    "users with a condition that is ignored": users('[{"field":"id","operator":">","value":999999999}]', f"{BY_ID}&per_page=2"),
    "users that no condition fits": users('[{"field":"Name","value":"nobody-has-this-name"}]', BY_ID),
    "users by part of a name": users('[{"field":"Name","operator":"LIKE","value":"o"}]', f"{BY_ID}&per_page=2"),
    "users with a query that is no JSON": users("nonsense", f"{BY_ID}&per_page=2"),
    "disabled users too": users("[]", f"{BY_ID}&per_page=2&find_disabled_rows=1"),
    "a user by name": f"{API}/user/root",
    "queues": f"{API}/queues/all?fields=id,Name,Lifecycle,Description,Disabled",
    "custom fields": listed("customfields", "Name", "Satisfaction", "&fields=Name,Type,LookupType,Disabled"),
    "custom fields without a query": f"{API}/customfields",
    "privileged users": f"{API}/group/4/members?users=1&groups=0&recursively=1&per_page=100&page=1",
    "a page of privileged users beyond the last": f"{API}/group/4/members?per_page=100&page=9",
    "groups": listed("groups", "Domain", "SystemInternal", "&fields=Name,Domain"),
    "the version": f"{API}/rt",
}
# The real ones list actions and histories as links; root has two more texts about itself.
FREE = frozenset({"$._hyperlinks", "$.Gecos", "$.Comments", "$.next_page", "$.prev_page"})


@pytest.mark.parametrize("path", REQUESTS.values(), ids=REQUESTS.keys())
def test_an_answer_has_status_and_shape_of_the_real_one(rt: Pair, path: str) -> None:
    real, stand_in = rt.ask(path)
    assert (stand_in.status, stand_in.media_type) == (real.status, real.media_type)
    assert differences(shape(real.body), shape(stand_in.body), FREE) == []
    for name in ("per_page", "page"):
        assert stand_in.body.get(name) == real.body.get(name)


@pytest.mark.parametrize("name", ["an unknown field", "half a query", "an operator that does not exist"])
def test_a_wrong_query_is_explained_in_the_same_words(rt: Pair, name: str) -> None:
    real, stand_in = rt.ask(REQUESTS[name])
    assert stand_in.body == real.body


@pytest.mark.parametrize("authorization", [None, "token 1-14-wrong", "Bearer 1-14-wrong"])
def test_nobody_without_a_token_is_let_in(rt: Pair, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answers = [type(one)(origin=one.origin, headers=headers).ask(f"{API}/rt") for one in (rt.real, rt.stand_in)]
    assert [(one.status, one.body) for one in answers] == [(401, {"message": "Unauthorized"})] * 2


def test_both_are_walked_by_ascending_id_to_the_total_they_name(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        seen: list[int] = []
        total = client.done(search("id > 0", "&per_page=1"), method="GET")["total"]
        while items := client.done(search(f"id > {seen[-1] if seen else 0}", f"{BY_ID}&per_page=100&fields=id"), method="GET")[
            "items"
        ]:
            seen += [item["id"] for item in items]
        assert seen == sorted(set(seen))
        assert len(seen) == total


def test_both_name_the_next_page_and_lead_to_it(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        first = client.done(search("id > 0", f"{BY_ID}&page=1&per_page=3&fields=Status"), method="GET")
        assert "&=&" in first["next_page"]
        second = client.done(first["next_page"], method="GET")
        assert second["page"] == 2
        assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}
        assert "&=&" in second["next_page"]


def test_a_single_ticket_has_the_same_shape(rt: Pair) -> None:
    shapes = []
    for client in (rt.real, rt.stand_in):
        found = client.done(search("Status = 'resolved' AND id > 0", f"{BY_ID}&per_page=1"), method="GET")["items"][0]["id"]
        shapes.append(shape(client.done(f"{API}/ticket/{found}", method="GET")))
    assert differences(shapes[0], shapes[1], FREE) == []


def created(client: Client, number: int) -> list[int]:
    body = {"Queue": "General", "Requestor": "eva@compared.example", "Content": "x", "ContentType": "text/plain"}
    made = [client.done(f"{API}/ticket", body={**body, "Subject": f"Compared {place}"}) for place in range(number)]
    return [int(one["id"]) for one in made]


def test_a_deleted_ticket_leaves_searches_and_can_still_be_read(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        [ticket] = created(client, 1)
        assert client.done(search(f"id = {ticket}"), method="GET")["total"] == 1
        client.done(f"{API}/ticket/{ticket}", method="PUT", body={"Status": "deleted"})
        assert client.done(search(f"id = {ticket}"), method="GET")["total"] == 0
        assert client.done(f"{API}/ticket/{ticket}", method="GET")["Status"] == "deleted"


def test_a_merged_ticket_leaves_searches_and_answers_with_the_other_one(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        winner, loser = created(client, 2)
        client.done(f"{API}/ticket/{loser}", method="PUT", body={"MergeInto": winner})
        assert client.done(search(f"id = {loser}"), method="GET")["total"] == 0
        assert client.done(f"{API}/ticket/{loser}", method="GET")["id"] == winner
        found = client.done(search(f"EffectiveId = {winner}", f"{BY_ID}&fields=id,EffectiveId"), method="GET")["items"]
        assert [(item["id"], item["EffectiveId"]) for item in found] == [(winner, str(winner)), (loser, str(winner))]


def test_an_unknown_requestor_becomes_a_user(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        [ticket] = created(client, 1)
        more = "&fields=Requestor&fields[Requestor]=EmailAddress,Name"
        [item] = client.done(search(f"id = {ticket}", more), method="GET")["items"]
        [requestor] = item["Requestor"]
        assert (requestor["EmailAddress"], requestor["Name"], requestor["id"]) == ("eva@compared.example",) * 3


def test_a_ticket_for_an_unknown_queue_is_forbidden(rt: Pair) -> None:
    answers = [
        client.ask(f"{API}/ticket", method="POST", body={"Queue": "Nope", "Subject": "x"}) for client in (rt.real, rt.stand_in)
    ]
    assert [(one.status, one.body) for one in answers] == [(403, answers[0].body)] * 2


def test_a_disabled_user_is_listed_only_on_demand(rt: Pair) -> None:
    for client in (rt.real, rt.stand_in):
        page = client.done(users("[]", f"{BY_ID}&per_page=100&page=1&fields=id,Name"), method="GET")
        found = next(item for item in reversed(page["items"]))
        client.done(f"{API}/user/{found['Name']}", method="PUT", body={"Disabled": 1})
        assert client.done(users("[]", "&per_page=1"), method="GET")["total"] == page["total"] - 1
        assert client.done(users("[]", "&per_page=1&find_disabled_rows=1"), method="GET")["total"] >= page["total"]
        assert client.done(f"{API}/user/{found['id']}", method="GET")["Disabled"] == "1"
        client.done(f"{API}/user/{found['Name']}", method="PUT", body={"Disabled": 0})
