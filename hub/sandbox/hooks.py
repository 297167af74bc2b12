"""The webhooks of a stand-in: registered by its API, and one set at the control door, which hears everything."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from typing import Literal

from flask.typing import ResponseReturnValue

from hub.sandbox.answers import Json, View, body
from hub.sandbox.push import Delivery, always
from hub.sandbox.rows import Change
from hub.sandbox.standin import Controls

Headers = Callable[[bytes], Mapping[str, str]]
"""The headers of a delivery, from its body; made anew for each attempt."""
_TAKEN, _GONE = range(200, 300), 410


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A registered address; `shown` is what the API tells of it."""

    url: str
    secret: str = ""
    shown: Json = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """How a system's API speaks of webhooks."""

    made: Callable[[Json], Hook]
    """A new one, or a refusal, from what was sent."""
    changed: Callable[[Hook, Json], Hook] | None = None
    """One with what was sent about it, its id as before; None where they cannot be changed."""
    revives: Callable[[Json], bool] = lambda _sent: False
    """Whether what was sent about one has it tried again although nobody took what was sent to it."""
    told: Callable[[Hook], ResponseReturnValue]
    """The answer about a new one, or a changed one."""
    listed: Callable[[list[Hook]], ResponseReturnValue]
    ended: ResponseReturnValue = ("", 204)
    missing: Callable[[], Exception]
    """The refusal where there is none of an id."""


def signed(header: str) -> Callable[[Hook, str], Headers]:
    """Signed by HMAC-SHA256 over the body alone, in hexadecimal digits."""
    return lambda hook, _event: lambda content: {header: digest(hook.secret.encode(), content, sha256).hex()}


def _bare(_hook: Hook, _event: str) -> Headers:
    return lambda _body: {}


def _as_told(_hook: Hook, told: Json) -> Json:
    return told


class Hooks:
    """Webhooks by their id. `hears` says whether a registered one wants an event of this name.

    After `most` deliveries in a row that nobody took, or one that was answered that the address is gone, none are sent there.
    """

    def __init__(self, controls: Controls, hears: Callable[[Json, str], bool], *, most: int | None = None) -> None:
        self._controls, self._hears, self._most = controls, hears, most
        self.registered: dict[str, Hook] = {}

    def views(self, door: Door, *, many: str, one: str) -> dict[str, View]:
        """What answers at the path of all webhooks, and at that of one, in which `<identity>` stands: see `answers.routes`."""

        def found(identity: str) -> Hook:
            if identity not in self.registered:
                raise door.missing()
            return self.registered[identity]

        def removed(identity: str) -> ResponseReturnValue:
            del self.registered[str(found(identity).shown["id"])]
            return door.ended

        views: dict[str, View] = {
            f"GET {many}": lambda: door.listed(list(self.registered.values())),
            f"POST {many}": lambda: door.told(self._kept(door.made(body()))),
            f"DELETE {one}": removed,
        }
        if changed := door.changed:
            views[f"PUT {one}"] = lambda identity: door.told(self._kept(changed(self._revived(door, found(identity)), body())))
        return views

    def _revived(self, door: Door, hook: Hook) -> Hook:
        """The same one; what was tried at its address is forgotten where it is to be tried again."""
        if door.revives(body()):
            log = self._controls.sender.log
            kept = [tried for tried in log if tried["url"] != hook.url]
            log.clear()
            log.extend(kept)
        return hook

    def _kept(self, hook: Hook) -> Hook:
        self.registered[str(hook.shown["id"])] = hook
        return hook

    def hearing(self, event: str) -> Iterator[Hook]:
        """Those to whom an event is told."""
        if url := self._controls.push.get("url"):
            yield Hook(url=url, secret=self._controls.push.get("secret", ""))
        wanting = [hook for hook in self.registered.values() if self._hears(hook.shown, event)]
        yield from [hook for hook in wanting if not self._suspended(hook)]

    def send(self, hook: Hook, told: Json, headers: Headers = lambda _body: {}) -> None:
        """Deliver something to one of them soon."""
        content = json.dumps(told).encode()
        self._controls.sender.send(Delivery(url=hook.url, body=always(content), headers=headers))

    def listen(
        self,
        events: Callable[[Change], Iterable[tuple[str, Json]]],
        headers: Callable[[Hook, str], Headers] = _bare,
        told: Callable[[Hook, Json], Json] = _as_told,
    ) -> None:
        """From now on tell of every change: its events, each with what it tells, which may be put into a body for each hook."""

        def hear(change: Change) -> None:
            for event, said in events(change):
                for hook in self.hearing(event):
                    self.send(hook, told(hook, said), headers(hook, event))

        self._controls.listen(hear)

    def failures(self, hook: Hook) -> int:
        """How many deliveries in a row nobody has taken; as many as it may be, as soon as the address is said to be gone."""
        failed = 0
        for tried in self._controls.sender.log:
            if tried["url"] == hook.url and tried["status"] in _TAKEN:
                failed = 0
            elif tried["url"] == hook.url:
                failed = self._most if self._most and tried["status"] == _GONE else failed + (tried["attempt"] == 0)
        return failed

    def health(self, hook: Hook) -> Literal["active", "failing", "suspended"]:
        """Whether all goes well, or somebody does not take what is sent, or nothing is sent any more."""
        if self._suspended(hook):
            return "suspended"
        return "failing" if self.failures(hook) else "active"

    def _suspended(self, hook: Hook) -> bool:
        return self._most is not None and self.failures(hook) >= self._most
