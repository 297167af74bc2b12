"""What pretix itself knows of tokens: its database, its access log, and what it answers to their bearers."""

import psycopg
import requests

from tests.e2e.real.pretix.seed import ORGANIZER
from tests.e2e.real.pretix.sign_in import App
from tests.e2e.real.systems import PRETIX, state

_DATABASE = "host=127.0.0.1 port=55432 user=postgres dbname=pretix"
_EXPIRE = """
    UPDATE pretixapi_oauthaccesstoken SET expires = now() - interval '1 minute'
    WHERE application_id = (SELECT id FROM pretixapi_oauthapplication WHERE client_id = %s)
"""


def expire(app: App) -> None:
    """End the life of the one access token that an application has, in pretix's own database."""
    with psycopg.connect(_DATABASE) as database:
        assert database.execute(_EXPIRE, [app.client_id]).rowcount == 1


def answered_with(access_token: str) -> int:
    """The status that pretix answers a bearer of this token with."""
    signed = {"Authorization": f"Bearer {access_token}"}
    return requests.get(f"{PRETIX.origin}{ORGANIZER}/customers/", headers=signed, timeout=60).status_code


def logged(start: str) -> int:
    """How many requests in pretix's access log begin like this: method, path and status."""
    lines = (state() / PRETIX.name / "access.log").read_text().splitlines()
    return sum(line.startswith(start) for line in lines)
