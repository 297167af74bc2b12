"""What watches over the hub: whether it lives, whether it can serve, and its figures for Prometheus."""

from functools import cache
from ipaddress import ip_address

from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from werkzeug.exceptions import HTTPException

from hub import jobs
from hub.spec.jsontext import dumps
from hub.store import migrate
from hub.store.database import Away
from hub.web.api.keys import ADMIN, asking, demand, required
from hub.web.api.problems import problem
from hub.web.doors.metrics import Figures
from hub.web.here import address, hub

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")

health = Blueprint("health", __name__)
health.register_error_handler(HTTPException, problem)


@health.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _said(200, {"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """Requests can be served: the database answers and has this release's form. Redis is told of, but not needed for that."""
    try:
        found = migrate.current(hub().database)
    except Away:
        return _said(503, {"status": "unavailable", "database": "away"})
    if found != _head():
        return _said(503, {"status": "unavailable", "database": "ok", "migrations": "behind; run `hub migrate`"})
    queue = "ok" if jobs.reachable(hub().settings) else "away"
    return _said(200, {"status": "ok", "database": "ok", "migrations": "current", "queue": queue})


@health.get("/metrics")
def metrics() -> Response:
    """The figures, for this machine itself or for a key with the scope admin."""
    if not _near():
        required()
        demand(ADMIN)
    registry = CollectorRegistry()
    try:
        registry.register(Figures(hub()))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    except Away:
        return _said(503, {"status": "unavailable", "database": "away"})


def _near() -> bool:
    """Whether this machine itself is asking, and not a proxy on it that speaks for others."""
    if asking() is not None or any(name in request.headers for name in _FORWARDED):
        return False
    return bool(address()) and ip_address(address()).is_loopback


@cache
def _head() -> str | None:
    return migrate.head()


def _said(status: int, body: dict[str, str]) -> Response:
    found = Response(dumps(body), status, content_type="application/json")
    if status != 200:  # noqa: PLR2004 - the one status that is not a refusal here
        found.headers["Retry-After"] = "2"
    return found
