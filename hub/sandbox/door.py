"""The control door of a stand-in, for tests, demonstrations and people: JSON below /__sandbox.

GET  truth                                            live records by object, as they are now
GET  faults · POST faults {name: value, ...}
POST create {object, fields} · change {object, id, fields} · delete · restore · erase {object, id}
POST merge {object, id, loser}
GET  push · POST push {url, secret, ...}              where deliveries go, and the last ones with their status
POST expire                                           every access token has expired
POST clients {id, secret}                             register a client of the authorization server
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from hub.sandbox.collection import Collection
from hub.sandbox.faults import DOOR
from hub.sandbox.rows import Row
from hub.sandbox.standin import Controls


def _body() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if sent is None and not request.get_data():
        return {}
    if not isinstance(sent, dict):
        raise BadRequest("the body must be a JSON object")
    return sent


def _named(body: dict[str, Any], name: str) -> Any:
    if name not in body:
        raise BadRequest(f"the body needs {name}")
    return body[name]


def _collection(controls: Controls, body: dict[str, Any]) -> Collection:
    wanted = _named(body, "object")
    if wanted not in controls.collections:
        raise NotFound(f"no such object; there are {', '.join(controls.collections)}")
    return controls.collections[wanted]


def _shown(row: Row) -> dict[str, Any]:
    return {"id": str(row.id), "updated": row.updated, "state": row.state}


def _acts(controls: Controls) -> dict[str, Callable[[Collection, int, dict[str, Any]], Row]]:
    """What can be done to an existing record."""

    def merged(collection: Collection, identity: int, body: dict[str, Any]) -> Row:
        loser = controls.identity(collection.name, str(_named(body, "loser")))
        if controls.merge is None:
            raise BadRequest("this system does not merge records")
        return controls.merge(collection, identity, loser)

    return {
        "change": lambda collection, identity, body: collection.change(identity, _named(body, "fields")),
        "delete": lambda collection, identity, _body: controls.delete(collection, identity),
        "restore": lambda collection, identity, _body: collection.restore(identity),
        "erase": lambda collection, identity, _body: controls.erase(collection, identity),
        "merge": merged,
    }


class _Views:
    """The door's answers."""

    def __init__(self, controls: Controls) -> None:
        self._controls, self._acts = controls, _acts(controls)

    def truth(self) -> ResponseReturnValue:
        return jsonify({name: len(collection) for name, collection in self._controls.collections.items()})

    def faults(self) -> ResponseReturnValue:
        self._controls.faults.set(_body())
        return jsonify(self._controls.faults.shown())

    def push(self) -> ResponseReturnValue:
        self._controls.push.update({name: str(value) for name, value in _body().items()})
        return jsonify({**self._controls.push, "deliveries": list(self._controls.sender.log)})

    def create(self) -> ResponseReturnValue:
        body = _body()
        return jsonify(_shown(_collection(self._controls, body).create(_named(body, "fields")))), 201

    def expire(self) -> ResponseReturnValue:
        return jsonify({"expired": self._controls.server.expire() if self._controls.server else 0})

    def clients(self) -> ResponseReturnValue:
        body = _body()
        if self._controls.server is None:
            raise NotFound("this system has no authorization server")
        self._controls.server.clients[str(_named(body, "id"))] = str(_named(body, "secret"))
        return jsonify({"clients": sorted(self._controls.server.clients)}), 201

    def act(self, name: str) -> ResponseReturnValue:
        body = _body()
        if name in self._controls.acts:
            return jsonify(self._controls.acts[name](body))
        if name not in self._acts:
            raise NotFound(f"no such act; there are create, {', '.join((*self._acts, *self._controls.acts))}")
        collection = _collection(self._controls, body)
        try:
            identity = self._controls.identity(collection.name, str(_named(body, "id")))
            return jsonify(_shown(self._acts[name](collection, identity, body)))
        except (KeyError, ValueError) as error:
            raise NotFound("no such record") from error


def install(app: Flask, controls: Controls) -> None:
    """Open the door on an app."""
    door, views = Blueprint("sandbox", __name__, url_prefix=DOOR), _Views(controls)
    door.add_url_rule("/truth", view_func=views.truth)
    for view in (views.faults, views.push):
        door.add_url_rule(f"/{view.__name__}", view_func=view, methods=["GET", "POST"])
    for made in (views.expire, views.clients, views.create):
        door.add_url_rule(f"/{made.__name__}", view_func=made, methods=["POST"])
    door.add_url_rule("/<name>", view_func=views.act, methods=["POST"])
    door.register_error_handler(BadRequest, lambda error: (jsonify(error=error.description), 400))
    door.register_error_handler(NotFound, lambda error: (jsonify(error=error.description), 404))
    app.register_blueprint(door)
