"""A connector finds its streams by name and knows how long to wait."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.spec import Account, ApiKey, Ask, ClientCredentials, Connector, OAuth2, Pace, Request, Stream, once
from hub.sync.connect import answered


def stream(name: str) -> Stream:
    return Stream(name=name, start=lambda _since: Request(path=f"/{name}"), following=once(), records="items")


def connector(*pace: Pace) -> Connector:
    return Connector(
        id="shop",
        label="Shop",
        category="Shop",
        docs="https://example.com/docs",
        summary="Orders.",
        base_url="https://example.com",
        auth=(ApiKey(),),
        account=Account(request=Request(path="/me"), id=str, name=str),
        streams=(stream("orders"),),
        references=(stream("pipelines"),),
        pace=pace,
    )


@pytest.mark.parametrize("name", ["orders", "pipelines"])
def test_a_stream_is_found_by_its_name_also_among_the_references(name: str) -> None:
    assert connector().stream(name).name == name


def test_there_is_no_stream_of_another_name() -> None:
    with pytest.raises(KeyError, match="tickets"):
        connector().stream("tickets")


@pytest.mark.parametrize(
    ("pace", "seconds"),
    [((), 60), ((Pace(calls=100, per=10),), 10), ((Pace(calls=100, per=10), Pace(calls=10, per=3600, paths=("/search",))), 3600)],
)
def test_where_a_system_does_not_say_how_long_it_limits_us_we_wait_the_longest_of_its_spans(
    pace: tuple[Pace, ...], seconds: int
) -> None:
    assert connector(*pace).patience == timedelta(seconds=seconds)


@pytest.mark.parametrize(("given", "found"), [({}, "/token"), ({"path": "  "}, "/token"), ({"path": " /other "}, "/other")])
def test_what_is_usual_counts_where_nobody_answers(given: dict[str, str], found: str) -> None:
    asking = replace(connector(), asks=(Ask(name="path", label="Path", pattern="/[a-z]+", required=False, usual="/token"),))
    assert answered(asking, given) == {"path": found}


def test_what_is_neither_answered_nor_usual_is_left_out_where_it_is_not_required() -> None:
    assert answered(replace(connector(), asks=(Ask(name="path", label="Path", required=False),)), {}) == {}


def test_what_only_another_way_of_signing_in_has_a_place_for_is_not_asked() -> None:
    asks = tuple(Ask(name=name, label=name, required=name == "must") for name in ("shop", "host", "path", "page", "must", "own"))
    by_key, by_client = ApiKey(), ClientCredentials(token_url="https://{host}{path}")
    by_person = OAuth2(authorize_url="https://{shop}{page}{must}", token_url="https://{shop}/t")
    of = replace(connector(), base_url="https://{shop}", hosts=("{host}",), auth=(by_key, by_client, by_person), asks=asks)
    assert {way.kind: [ask.name for ask in of.asks_for(way)] for way in of.auth} == {
        "key": ["shop", "host", "must", "own"],
        "client": ["shop", "host", "path", "must", "own"],
        "oauth2": ["shop", "host", "page", "must", "own"],
    }
