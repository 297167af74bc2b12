"""The pages, the API and the doors of one hub as a Flask application."""

import hmac
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, g, redirect
from werkzeug.middleware.proxy_fix import ProxyFix

from hub.settings import Settings
from hub.store.sessions import LONGEST
from hub.sync.hub import Hub
from hub.web import (
    api,
    catalogue,
    connections,
    corrections,
    customers,
    decisions,
    doors,
    faults,
    guard,
    happened,
    headers,
    lifecycle_rules,
    operations,
    organisation,
    people,
    programs,
    review,
    sheets,
    signin,
    words,
)
from hub.web.guard import ANYONE, Page
from hub.web.here import Number
from hub.web.signin import first_admin_link

__all__ = ["create_app", "first_admin_link"]

LARGEST = 1_000_000
"""Bytes that a request may bring."""

_PAGES = (
    *(signin, customers, happened, corrections, review),
    *(connections, operations, catalogue, sheets, decisions, lifecycle_rules, organisation, people, programs),
)


def create_app(hub: Hub) -> Flask:
    """The application that serves this hub; every path in it is a Page behind the guard, a door of programs, or static."""
    app = Flask(__name__)
    app.config.from_mapping(_configuration(hub.settings))
    app.extensions["hub"] = hub
    app.url_map.converters["number"] = Number
    app.url_map.strict_slashes = False
    if hub.settings.proxies:
        hops = hub.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    headers.install(app, hub.settings)
    faults.install(app)
    guard.csrf.init_app(app)
    words.install(app)
    for module in _PAGES:
        for page in module.PAGES:
            guard.add(app, page)
    guard.add(app, Page(path="/", view=home, roles=ANYONE))
    _static(app)
    api.install(app, hub)
    doors.install(app, hub)
    return app


def home() -> Any:
    """The way in."""
    return redirect("/customers")


def _configuration(settings: Settings) -> dict[str, Any]:
    first, *others = [_derived(key) for _, key in settings.keys]
    return {
        "SECRET_KEY": first,
        "SECRET_KEY_FALLBACKS": others,
        "MAX_CONTENT_LENGTH": LARGEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST,
        "PERMANENT_SESSION_LIFETIME": LONGEST + timedelta(days=1),
        "SESSION_COOKIE_NAME": "__Host-hub_session" if settings.secure else "hub_session",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _derived(key: bytes) -> bytes:
    """A key for cookies alone, so that a leak of one use is not a leak of the other."""
    return hmac.new(key, b"ciclo-hub:cookies", sha256).digest()


def _static(app: Flask) -> None:
    """Let pages name our files by their content, so that browsers may keep them for ever."""
    folder = Path(app.static_folder or "")
    versions = {path.name: sha256(path.read_bytes()).hexdigest()[:12] for path in folder.iterdir()}

    @app.context_processor
    def known() -> dict[str, Any]:
        return {"versions": versions, "user": g.get("user")}
