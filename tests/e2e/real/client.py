"""A small client for systems and stand-ins alike: what was answered, as it came."""

from dataclasses import dataclass
from typing import Any

import requests

_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`body` is the parsed JSON, or the text where it is none."""

    status: int
    media_type: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """Sends requests to one origin with the headers that sign in."""

    origin: str
    headers: dict[str, str]

    def ask(self, path: str, *, method: str = "GET", body: object = None, signed_in: bool = True) -> Answer:
        """The answer to a request; redirects are not followed."""
        answer = requests.request(
            method,
            path if path.startswith("http") else self.origin + path,
            json=body,
            headers=self.headers if signed_in else {},
            timeout=_SECONDS,
            allow_redirects=False,
        )
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        parsed = answer.json() if media_type == "application/json" and answer.content else answer.text
        return Answer(status=answer.status_code, media_type=media_type, headers=dict(answer.headers), body=parsed)

    def done(self, path: str, *, method: str = "POST", body: object = None) -> Any:
        """The body of an answer that must be a success."""
        answer = self.ask(path, method=method, body=body)
        if answer.status not in range(200, 300):
            raise AssertionError(f"{method} {path} was answered {answer.status}: {answer.body!r:.500}")
        return answer.body


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A real system and its stand-in."""

    real: Client
    stand_in: Client

    def ask(self, path: str) -> tuple[Answer, Answer]:
        """Both answers to one request."""
        return self.real.ask(path), self.stand_in.ask(path)
