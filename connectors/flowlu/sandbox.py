"""A stand-in for Flowlu: lists by page, single records, errors under 200, a key among the parameters, webhooks.

https://www.flowlu.com/api/ and https://www.flowlu.com/custom-apps/articles/1689-1679--webhooks-for-custom-applications. Our
reading: accounts are people (type 2) and companies (type 1), leads are opportunities, that is deals, whose people were captured
as leads, users owners, tasks activities; the list of loss reasons counts as one more pipeline. Invented here, since not
documented: 50 to a page and 100 at most, 429 with the usual envelope, a page beyond the last is empty.
"""

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from connectors.flowlu.sandbox_records import MADE, TEXTS, TOOL, ZONE, shown
from hub.sandbox import whole
from hub.sandbox.answers import Failure, Json, json_app, number, rows
from hub.sandbox.collection import Collection
from hub.sandbox.gate import UNKNOWN, guard
from hub.sandbox.keys import Keys
from hub.sandbox.limits import Window
from hub.sandbox.outlet import tell
from hub.sandbox.rows import Change, Row
from hub.sandbox.standin import Controls, Decision, StandIn
from hub.sandbox.world import World, record_id

API_KEY = "sandboxflowlukey"
_BASE, _USUAL, _MOST = "/api/v1/module", 50, 100
_AUTH, _INVALID, _MISSING, _DENIED, _METHOD, _MODULE = "11", "12", "20", "22", "30", "31"
_HAPPENED = {"created": "create", "changed": "update", "deleted": "delete", "erased": "delete", "restored": "update"}


def _refused(code: str, status: int = 200, **headers: str) -> Failure:
    """An error in the system's own envelope, and nearly always under 200."""
    return Failure(status, {"error": {"error_code": int(code), "error_msg": TEXTS["errors"][code]}}, **headers)


def _barred(status: int, **headers: str) -> Failure:
    """Who has no key, under 200 like every error, and who asks too often."""
    return _refused(_AUTH) if status == UNKNOWN else _refused(_INVALID, status, **headers)


class Portal:
    """The answers of one portal."""

    def __init__(self, world: World, controls: Controls, keys: Keys) -> None:
        self._held, self._keys, self._controls = whole.objects(world, TOOL, MADE, clock=controls.clock), keys, controls
        controls.collections, controls.delete, controls.merge = self._held, Collection.erase, self._merged
        controls.listen(self._push)

    def _merged(self, collection: Collection, winner: int, loser: int) -> Row:
        """Only accounts merge: the other one is still listed and says into which it went."""
        if collection.name != "crm/account":
            raise KeyError(collection.name)
        return collection.merge(winner, loser, {}, leaves="archived")

    def _push(self, change: Change) -> None:
        """Tell of a record before and after, unsigned."""
        module, model = change.object.split("/")
        happened = _HAPPENED.get(change.kind, "update")
        before = shown(change.object, change.before) if change.before else None
        after = None if happened == "delete" else shown(change.object, change.row)
        told = {"meta": {"module": module, "model": model, "action": happened}, "current": after, "previous": before}
        tell(self._controls, told)

    def _records(self, name: str) -> list[Json]:
        """What a list shows: live records, those that were merged into others, and of these what the filters leave."""
        collection = self._held[name]
        ids = sorted([*collection.live(0, len(collection)), *collection.archived()])
        found = [shown(name, row) for row in rows(collection, ids)]
        asked = {key[7:-1]: said for key, said in request.args.items() if key.startswith("filter[") and key.endswith("]")}
        if set(asked) - set(TEXTS[name]):
            raise _refused(_INVALID)
        return [one for one in found if all(str(one[field]) == said for field, said in asked.items())]

    def scopes(self) -> tuple[str, ...] | None:
        """What the key among the parameters may read: all where it names nothing; None where there is no such key."""
        return self._keys.scopes(request.args.get("api_key"))

    def answer(self, module: str, model: str, method: str, identity: int | None = None) -> ResponseReturnValue:
        """A page of a list, or a single record; deleting is a method of GET, too, and not offered here."""
        name = f"{module}/{model}"
        if name not in MADE:
            raise _refused(_MODULE)
        if (scopes := self.scopes()) and module not in scopes:
            raise _refused(_DENIED)
        if method == "list" and identity is None:
            return self._page(name)
        if method != "get" or identity is None:
            raise _refused(_METHOD)
        row = self._held[name].row(identity)
        if row is None:
            raise _refused(_MISSING)
        return jsonify({"response": shown(name, row)})

    def _page(self, name: str) -> Response:
        found, page, size = self._records(name), number("page", 1), min(number("limit", _USUAL), _MOST)
        items = found[(page - 1) * size : page * size]
        told: Json = {"total": len(found), "total_result": len(found), "page": page, "count": len(items)}
        return jsonify({"response": {**told, "items": items}})


def _app(world: World, controls: Controls) -> Flask:
    app, keys = json_app(__name__), Keys(controls, API_KEY)
    portal = Portal(world, controls, keys)
    for path in ("/<module>/<model>/<method>", "/<module>/<model>/<method>/<int:identity>"):
        app.add_url_rule(_BASE + path, path, portal.answer, methods=["GET"])
    guard(app, _BASE, controls, Window(120, 60), known=lambda: portal.scopes() is not None, refused=_barred)
    return app


_CANONICAL = {"deal": "crm/lead", "lead": "crm/lead", "invoice": "fin/invoice", "payment": "fin/customer_payment"}
_CANONICAL |= {"activity": "task/tasks", "owner": "core/user"}


def _truth(world: World) -> dict[str, int]:
    counted = {kind: len(whole.records(world, TOOL, MADE[name])) for kind, name in _CANONICAL.items()}
    parties = {kind: world.count(TOOL, kind) for kind in ("contact", "company")}
    return {**counted, **parties, "pipeline": len(TEXTS["set up"]["crm/pipeline"]) + 1}


STANDIN = StandIn(
    id=TOOL,
    hosts=("{subdomain}.flowlu.com",),
    app=_app,
    truth=_truth,
    contact_id=lambda index: str(record_id("contact", index)),
    company_id=lambda index: str(record_id("company", index)),
    answers={"subdomain": "ciclo", "currency": "BRL", "time_zone": ZONE},
    decisions=tuple(Decision("invoices", "status_id", *each) for each in (("2", "open"), ("3", "paid"), ("5", "void"))),
    key=API_KEY,
)
