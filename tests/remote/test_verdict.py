"""What an answer means for whoever asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub import registry
from hub.errors import HubError, Missing, RateLimited, Reconnect, Retry, StopStream
from hub.remote.verdict import retry_after, verdict
from hub.spec import Reply
from tests import support

NOW = support.at("2026-11-02T12:00:00Z")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
PLAIN = registry.connector("rt")
"""A connector that leaves every status as it is."""


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        (None, None),
        ("", None),
        ("120", timedelta(seconds=120)),
        (" 7 ", timedelta(seconds=7)),
        ("0.5", SECOND),
        ("0", SECOND),
        ("-5", SECOND),
        ("3600", HOUR),
        ("3601", HOUR),
        ("99999999", HOUR),
        ("1e400", HOUR),
        ("inf", HOUR),
        ("9" * 400, HOUR),
        ("Mon, 02 Nov 2026 12:00:30 GMT", timedelta(seconds=30)),
        ("Mon, 02 Nov 2026 09:00:30 -0300", timedelta(seconds=30)),
        ("Mon, 02 Nov 2026 11:00:00 GMT", SECOND),
        ("Fri, 31 Dec 9999 23:59:59 GMT", HOUR),
        ("Mon, 02 Nov 2026 12:00:30 -0000", timedelta(seconds=30)),
        ("soon", None),
        ("2026-11-02T12:00:30Z", None),
        ("12 seconds", None),
        ("\u0661\u0662", timedelta(seconds=12)),
    ],
)
def test_how_long_a_header_asks_to_wait(said: str | None, wait: timedelta | None) -> None:
    assert retry_after(said, NOW) == wait


@pytest.mark.parametrize(
    "said", ["nan", "NaN", "-nan", "-inf", "-1e400", "Mon, 99 Nov 2026 12:00:30 GMT", "Mon, 02 Nov 0000 12:00:00 GMT"]
)
def test_nonsense_in_the_header_never_waits_longer_than_an_hour(said: str) -> None:
    found = retry_after(said, NOW)
    assert found is None or SECOND <= found <= HOUR


def judged(status: int, **headers: str) -> HubError | None:
    return verdict(PLAIN, Reply(status=status, body={}, headers=headers), "rt-1 GET /x", NOW)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 207, 299])
def test_a_good_answer_is_no_error(status: int) -> None:
    assert judged(status) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, StopStream),
        (302, StopStream),
        (400, StopStream),
        (401, Reconnect),
        (403, StopStream),
        (404, Missing),
        (408, Retry),
        (410, Missing),
        (429, RateLimited),
        (500, Retry),
        (502, Retry),
        (503, Retry),
        (599, Retry),
    ],
)
def test_what_a_status_asks_for(status: int, kind: type[HubError]) -> None:
    found = judged(status)
    assert type(found) is kind
    assert "rt-1 GET /x" in str(found)
    assert str(status) in str(found)


def test_a_limit_without_a_time_is_waited_out_for_as_long_as_the_system_counts() -> None:
    found = judged(429)
    assert isinstance(found, RateLimited)
    assert found.after == timedelta(seconds=60)


def test_a_server_that_says_when_to_come_back_is_believed() -> None:
    found = judged(503, **{"retry-after": "30"})
    assert isinstance(found, Retry)
    assert found.after == timedelta(seconds=30)


def test_the_connector_is_asked_before_the_status_is() -> None:
    refused = {"detail": "Organization context is required. Please login again."}
    found = verdict(registry.connector("bottlecrm"), Reply(status=403, body=refused), "x", NOW)
    assert isinstance(found, Reconnect)


def test_an_answer_that_says_there_is_nothing_is_a_good_one_whatever_its_status() -> None:
    empty = replace(PLAIN, nothing=lambda reply: reply.body == {"code": "none"}, errors=lambda _reply: Reconnect("x"))
    for status in (200, 400, 404):
        assert verdict(empty, Reply(status=status, body={"code": "none"}), "x", NOW) is None
    assert isinstance(verdict(empty, Reply(status=400, body={"code": "some"}), "x", NOW), Reconnect)
