"""A stand-in for pretix's REST API, judged by the real one (tests/e2e/real): customers, orders, events, webhooks.

https://docs.pretix.eu/dev/api/. What it holds: `sandbox_records`; how it is written: `sandbox_shapes`; sign-in:
`sandbox_access`; webhooks: `sandbox_pushes`.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from connectors.pretix import sandbox_records as records
from connectors.pretix.sandbox_access import Access, refused
from connectors.pretix.sandbox_orders import Orders
from connectors.pretix.sandbox_pages import Invalid, host, paged
from connectors.pretix.sandbox_pushes import Webhooks
from connectors.pretix.sandbox_records import EVENTS, ORGANIZER, TOOL, identifier
from connectors.pretix.sandbox_shapes import ANONYMOUS, Json, customer, event
from hub.sandbox.answers import body, json_app, rows
from hub.sandbox.collection import Collection
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls, StandIn
from hub.sandbox.world import World, record_id

TEAM_TOKEN = "sandbox-team-token"
"""What a fresh stand-in accepts after the word Token."""
VERSION, VERSION_NUMBER = "2026.8.0", 20260080005000
_API = "/api/v1"
_FORBIDDEN = "You do not have permission to perform this action."


def _of_organizer(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The view, for the one organizer and its events; others are forbidden, as if they existed."""

    @wraps(view)
    def guarded(organizer: str, slug: str | None = None, **rest: Any) -> ResponseReturnValue:
        if organizer != ORGANIZER or slug not in (None, *(name for name, _ in EVENTS.values())):
            return refused(403, _FORBIDDEN)
        return view(**rest)

    return guarded


def _organizer() -> dict[str, Any]:
    return {"name": "Acme Loopback", "slug": ORGANIZER, "public_url": f"{host()}/{ORGANIZER}/", "plugins": []}


class Shop:
    """The answers of one organizer."""

    def __init__(self, world: World, controls: Controls) -> None:
        clock = controls.clock
        self._customers = Collection("customers", records.source(world, "contact"), clock=clock)
        self._orders = Orders(world, clock)
        self._by_email = lru_cache(maxsize=2)(self._emails)
        controls.collections = {"customers": self._customers, "orders": self._orders.collection}
        controls.identity = records.number_of
        controls.acts.update(delete=self._removed, erase=self._removed)
        self._webhooks = Webhooks(controls)

    def install(self, app: Flask) -> None:
        """Open the paths of the API."""
        organizer = f"{_API}/organizers/<organizer>"
        paths: tuple[tuple[str, Callable[..., ResponseReturnValue], str], ...] = (
            ("/", self.organizer, "GET"),
            ("/customers/", self.customers, "GET"),
            ("/customers/", self.create, "POST"),
            ("/customers/<text>/", self.customer, "GET"),
            ("/customers/<text>/", self.change, "PATCH"),
            ("/customers/<text>/", self.keep, "DELETE"),
            ("/customers/<text>/anonymize/", self.anonymize, "POST"),
            ("/orders/", self._orders.listed, "GET"),
            ("/orders/<code>/", self._orders.one, "GET"),
            ("/events/", self.events, "GET"),
            ("/events/<slug>/orders/", self._orders.listed, "GET"),
            ("/events/<slug>/orders/<code>/", self._orders.one, "GET"),
            ("/events/<slug>/orders/<code>/<act>/", self._orders.act, "POST"),
            ("/webhooks/", self.webhooks, "GET"),
            ("/webhooks/", self.register, "POST"),
            ("/webhooks/<int:number>/", self.unregister, "DELETE"),
        )
        for path, view, method in paths:
            app.add_url_rule(organizer + path, f"{method} {path}", _of_organizer(view), methods=[method])
        app.add_url_rule(f"{_API}/organizers/", "organizers", self.organizers)
        app.add_url_rule(f"{_API}/version", "version", lambda: jsonify(pretix=VERSION, pretix_numeric=VERSION_NUMBER))
        app.add_url_rule(f"{_API}/me", "me", self.me)
        app.register_error_handler(Invalid, lambda error: (jsonify(error.args[0]), 400))
        app.register_error_handler(NotFound, lambda error: refused(404, error.description or "Not found."))

    def organizers(self) -> ResponseReturnValue:
        """The one organizer, in a list."""
        return paged([_organizer()], dict)

    def organizer(self) -> ResponseReturnValue:
        """The one organizer."""
        return jsonify(_organizer())

    def me(self) -> ResponseReturnValue:
        """Whoever allowed the client to sign in."""
        return jsonify(email="admin@ciclo.example", fullname=None, locale="en", is_staff=False, timezone="UTC")

    def events(self) -> ResponseReturnValue:
        """All events."""
        return paged(list(EVENTS), lambda currency: event(currency, host()))

    def _emails(self, _version: int) -> list[int]:
        """All customers by address, those without one last; made anew after every change."""
        ids = self._customers.live(0, len(self._customers))
        addresses = {row.id: row.fields.get("email") for row in rows(self._customers, ids)}
        return sorted(ids, key=lambda identity: (addresses[identity] is None, addresses[identity] or "", identity))

    def customers(self) -> ResponseReturnValue:
        """Customers by address; of all parameters only `email` filters."""
        found = self._by_email(self._customers.version)
        if wanted := request.args.get("email", "").lower():
            kept = rows(self._customers, found)
            found = [row.id for row in kept if str(row.fields.get("email")).lower() == wanted]
        return paged(found, lambda identity: customer(rows(self._customers, [identity])[0]))

    def _customer(self, text: str) -> Row:
        identity = records.customer_id(text)
        found = self._customers.row(identity) if identity is not None else None
        if found is None:
            raise NotFound("No Customer matches the given query.")
        return found

    def customer(self, text: str) -> ResponseReturnValue:
        """One customer."""
        return jsonify(customer(self._customer(text)))

    def create(self) -> ResponseReturnValue:
        """A new customer; the address is the one thing that must be given."""
        if not body().get("email"):
            raise Invalid({"email": ["This field may not be blank."]})
        return jsonify(customer(self._customers.create(body()))), 201

    def change(self, text: str) -> ResponseReturnValue:
        """New values for a customer."""
        return jsonify(customer(self._customers.change(self._customer(text).id, body())))

    def keep(self, text: str) -> ResponseReturnValue:
        """Customers cannot be deleted."""
        self._customer(text)
        return refused(405, 'Method "Customers cannot be deleted." not allowed.')

    def anonymize(self, text: str) -> ResponseReturnValue:
        """A customer whom nothing names any more."""
        return jsonify(customer(self._customers.change(self._customer(text).id, ANONYMOUS)))

    def _removed(self, said: Any) -> Json:
        """What the control door's `delete` and `erase` mean here: a customer without a name, a cancelled order."""
        name, identity = said["object"], records.number_of(said["object"], str(said["id"]))
        row = self._customers.change(identity, ANONYMOUS) if name == "customers" else self._orders.cancel(identity)
        return {"id": str(row.id), "updated": row.updated, "state": row.state}

    def webhooks(self) -> ResponseReturnValue:
        """All webhooks, also those switched off."""
        return paged(list(self._webhooks.registered.values()), dict)

    def register(self) -> ResponseReturnValue:
        """A new webhook."""
        return jsonify(self._webhooks.register(body())), 201

    def unregister(self, number: int) -> ResponseReturnValue:
        """Switch a webhook off; it stays in the list."""
        if number not in self._webhooks.registered:
            raise NotFound("No WebHook matches the given query.")
        self._webhooks.registered[number]["enabled"] = False
        return "", 204


def _app(world: World, controls: Controls) -> Flask:
    app = json_app(__name__)
    Access(controls, TEAM_TOKEN).install(app)
    Shop(world, controls).install(app)
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
