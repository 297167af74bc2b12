"""A stand-in for pretix's REST API, judged by the real one (tests/e2e/real): customers, orders, events, webhooks.

https://docs.pretix.eu/dev/api/. What it holds and how that is written: `sandbox_records`; orders: `sandbox_orders`; pages:
`sandbox_pages`; sign-in: `sandbox_access`; webhooks: `sandbox_pushes`.
"""

from functools import lru_cache, partial, wraps
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.pretix.sandbox_access import FORBIDDEN, Access, refused
from connectors.pretix.sandbox_orders import Orders
from connectors.pretix.sandbox_pages import host, paged
from connectors.pretix.sandbox_pushes import Webhooks
from connectors.pretix.sandbox_records import (
    EVENTS,
    ORGANIZER,
    TEXTS,
    TOOL,
    customer,
    customer_id,
    event,
    identifier,
    number_of,
    person,
)
from hub.sandbox.account import source
from hub.sandbox.answers import Failure, Json, View, body, filled, json_app, routes, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TEAM_TOKEN = "sandbox-team-token"
"""What a fresh stand-in accepts after the word Token."""
_API = "/api/v1"


def _of_organizer(view: View) -> View:
    """The view, for the one organizer and its events; others are forbidden, as if they existed."""

    @wraps(view)
    def guarded(organizer: str, slug: str | None = None, **rest: Any) -> ResponseReturnValue:
        if organizer != ORGANIZER or slug not in (None, *(name for name, _ in EVENTS.values())):
            raise refused(403, FORBIDDEN)
        return view(**rest)

    return guarded


def _organizer() -> Json:
    return filled(TEXTS["organizer"], {}, public_url=f"{host()}/{ORGANIZER}/")


class Shop:
    """The answers of one organizer."""

    def __init__(self, world: World, controls: Controls) -> None:
        clock = controls.clock
        self._customers = Collection("customers", source(world, TOOL, "contact", person), clock=clock)
        self._orders = Orders(world, clock)
        self._by_email = lru_cache(maxsize=2)(self._emails)
        controls.collections = {"customers": self._customers, "orders": self._orders.collection}
        controls.identity = number_of
        controls.delete = controls.erase = self._removed
        self._webhooks = Webhooks(controls)

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        hooks, orders = self._webhooks, self._orders
        views: dict[str, View] = {
            "GET /": lambda: jsonify(_organizer()),
            "GET /customers/": self._listed,
            "POST /customers/": self._create,
            "GET /customers/<text>/": lambda text: jsonify(customer(self._customer(text))),
            "PATCH /customers/<text>/": self._change,
            "DELETE /customers/<text>/": self._keep,
            "POST /customers/<text>/anonymize/": self._anonymize,
            "GET /orders/": orders.listed,
            "GET /orders/<code>/": orders.one,
            "GET /events/": lambda: paged(list(EVENTS), lambda currency: event(currency, host())),
            "GET /events/<slug>/orders/": orders.listed,
            "GET /events/<slug>/orders/<code>/": orders.one,
            "POST /events/<slug>/orders/<code>/<act>/": orders.act,
            "GET /webhooks/": hooks.listed,
            "POST /webhooks/": hooks.register,
            "DELETE /webhooks/<number>/": hooks.unregister,
        }
        routes(app, f"{_API}/organizers/<organizer>", {path: _of_organizer(view) for path, view in views.items()})
        fixed = {f"GET /{name}": partial(jsonify, TEXTS[name]) for name in ("version", "me")}
        routes(app, _API, {**fixed, "GET /organizers/": lambda: paged([_organizer()], dict)})

    def _emails(self, _version: int) -> list[int]:
        """All customers by address, those without one last; made anew after every change."""
        ids = self._customers.live(0, len(self._customers))
        addresses = {row.id: row.fields.get("email") for row in rows(self._customers, ids)}
        return sorted(ids, key=lambda identity: (addresses[identity] is None, addresses[identity] or "", identity))

    def _listed(self) -> ResponseReturnValue:
        """Customers by address; of all parameters only `email` filters."""
        found = self._by_email(self._customers.version)
        if wanted := request.args.get("email", "").lower():
            kept = rows(self._customers, found)
            found = [row.id for row in kept if str(row.fields.get("email")).lower() == wanted]
        return paged(found, lambda identity: customer(rows(self._customers, [identity])[0]))

    def _customer(self, text: str) -> Row:
        identity = customer_id(text)
        found = self._customers.row(identity) if identity is not None else None
        if found is None:
            raise NotFound("No Customer matches the given query.")
        return found

    def _create(self) -> ResponseReturnValue:
        """A new customer; the address is the one thing that must be given."""
        if not body().get("email"):
            raise Failure(400, {"email": ["This field may not be blank."]})
        return jsonify(customer(self._customers.create(body()))), 201

    def _change(self, text: str) -> ResponseReturnValue:
        return jsonify(customer(self._customers.change(self._customer(text).id, body())))

    def _keep(self, text: str) -> ResponseReturnValue:
        """Customers cannot be deleted."""
        self._customer(text)
        raise refused(405, 'Method "Customers cannot be deleted." not allowed.')

    def _anonymize(self, text: str) -> ResponseReturnValue:
        """A customer whom nothing names any more."""
        return jsonify(customer(self._customers.change(self._customer(text).id, TEXTS["anonymous"])))

    def _removed(self, collection: Collection, identity: int) -> Row:
        """What removing means here: a customer without a name, a cancelled order."""
        anonymous = TEXTS["anonymous"]
        return collection.change(identity, anonymous) if collection is self._customers else self._orders.cancel(identity)


def _app(world: World, controls: Controls) -> Flask:
    app = json_app(__name__)
    Access(controls, TEAM_TOKEN).install(app)
    Shop(world, controls).install(app)
    app.register_error_handler(NotFound, lambda error: (jsonify(detail=error.description or "Not found."), 404))
    return app


def _truth(world: World) -> dict[str, int]:
    """A shop has customers and orders; nobody owns them."""
    return {kind: world.count(TOOL, kind) for kind in ("contact", "order")}


STANDIN = StandIn(
    id="pretix",
    hosts=("{host}",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: identifier(record_id("contact", index)),
    answers={"address": "https://pretix.example", "organizer": ORGANIZER, "currency": "BRL"},
)
