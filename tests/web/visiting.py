"""Somebody with a browser: signs in, follows pages and sends their forms."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hub.store import access
from hub.store.access import User
from hub.sync.hub import Hub
from hub.web import create_app

PASSWORD = "correct horse battery"
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A real argon2id hash that takes no time; what a hash costs stands in the hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A browser; a form is sent with the token that our pages put into forms."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(self, path: str, /, **fields: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        page = self.client.get("/account", follow_redirects=True).text
        return unescape(re.findall(r'name="csrf_token" value="([^"]+)"', page)[0])

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return words(answer)


def words(answer: TestResponse) -> str:
    """What a person reads on a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def person(hub: Hub, role: str = access.ADMIN, *, email: str = "") -> User:
    """Somebody who can sign in with PASSWORD."""
    with hub.database.writing() as tx:
        made = access.add_user(tx, hub.time.now(), email=email or f"{role}@example.com", name=role.title(), role=role)
        access.change_user(tx, made.id, password=_QUICK)
    return made


def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(client=app.test_client())


def signed_in(app: Flask, hub: Hub, role: str = access.ADMIN) -> Visitor:
    """Somebody new in that role, signed in through the page."""
    who, found = person(hub, role), visitor(app)
    answer = found.post("/sign-in", email=who.email, password=PASSWORD)
    assert answer.status_code == 303, words(answer)
    return found


def admin(hub: Hub) -> Visitor:
    """An admin at a fresh application of this hub."""
    return signed_in(create_app(hub), hub)


def path_of(link: str) -> str:
    """A link of ours without its origin."""
    return urlsplit(link).path


def later(hub: Hub, by: timedelta) -> Hub:
    """The same hub, so much later."""
    return replace(hub, time=replace(hub.time, now=lambda: hub.time.now() + by))
