"""How a call is let in, over real sockets: keys where each system wants them, and tokens that say nothing of their end."""

from dataclasses import replace

import pytest

from hub.errors import HubError, Reconnect, Retry
from hub.remote.send import Remote
from hub.spec import ApiKey, Auth, OAuth2, Request, Token
from tests.remote.test_send import KEY, Server, answering, remote


def keyed(server: Server, auth: ApiKey) -> Remote:
    held = Token(data={"key": KEY, "user": "ada@example.com"}, version=1, expires_at=None)
    return replace(remote(server.origin), auth=auth, token=lambda _than: held)


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        # base64 of "ada@example.com:1-14-a-very-secret-key".
        (ApiKey(format="Basic {basic}", user="E-mail"), "Basic YWRhQGV4YW1wbGUuY29tOjEtMTQtYS12ZXJ5LXNlY3JldC1rZXk="),
        (ApiKey(format="{user}/token:{key}", user="E-mail"), f"ada@example.com/token:{KEY}"),
        (ApiKey(format="{key}"), KEY),
    ],
)
def test_a_key_goes_into_the_header_as_the_system_wants_it(auth: ApiKey, header: str) -> None:
    with answering() as server:
        keyed(server, auth).send(Request(path="/me"))
        assert server.asked == [("/me", header)]


def test_a_key_in_the_query_is_sent_beside_what_is_asked() -> None:
    asked = Request(path="/me", params={"page": 2})
    with answering() as server:
        keyed(server, ApiKey(query="api_key")).send(asked)
        assert server.asked == [(f"/me?page=2&api_key={KEY}", None)]
    assert asked.params == {"page": 2}


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500])
def test_a_key_in_the_query_is_in_no_message_and_in_no_log(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with answering(status) as server, pytest.raises(HubError) as caught:
        keyed(server, ApiKey(query="api_key")).send(Request(path="/me"))
    assert KEY not in str(caught.value) + "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("hub")
    )


def test_a_key_in_the_query_is_in_no_message_where_nobody_answers() -> None:
    with answering() as server:
        gone = keyed(server, ApiKey(query="api_key"))
    with pytest.raises(Retry) as caught:
        gone.send(Request(path="/me"))
    assert KEY not in str(caught.value)


def lasting(server: Server, auth: Auth, data: dict[str, str]) -> tuple[Remote, list[int | None]]:
    """A sign-in that says nothing of its end, and which versions of its token were found wanting."""
    wanted: list[int | None] = []

    def token(than: int | None) -> Token:
        wanted.append(than)
        return Token(data=data, version=len(wanted), expires_at=None)

    return replace(remote(server.origin), auth=auth, token=token), wanted


SIGN_IN = OAuth2(authorize_url="", token_url="", scopes=())


def test_a_token_without_an_end_is_renewed_once_when_it_is_refused() -> None:
    with answering(401) as server:
        found, wanted = lasting(server, SIGN_IN, {"access_token": "a", "refresh_token": "r"})
        with pytest.raises(Reconnect):
            found.send(Request(path="/me"))
        assert (wanted, len(server.asked)) == ([None, 1], 2)


def test_a_token_that_cannot_be_renewed_calls_a_person_at_once() -> None:
    with answering(401) as server:
        found, wanted = lasting(server, SIGN_IN, {"access_token": "a"})
        with pytest.raises(Reconnect, match="sign in again"):
            found.send(Request(path="/me"))
        assert (wanted, len(server.asked)) == ([None], 1)
