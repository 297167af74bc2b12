"""The webhooks of a stand-in: registered by its API, and one set at the control door, which hears everything."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.sandbox.answers import Json
from hub.sandbox.push import Delivery, always
from hub.sandbox.standin import Controls


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """A registered address; `shown` is what the API tells of it."""

    url: str
    secret: str = ""
    shown: Json = field(default_factory=dict)


class Hooks:
    """Webhooks by their id. `hears` says whether a registered one wants an event of this name."""

    def __init__(self, controls: Controls, hears: Callable[[Json, str], bool]) -> None:
        self._controls, self._hears = controls, hears
        self.registered: dict[str, Hook] = {}

    def hearing(self, event: str) -> Iterator[Hook]:
        """Those to whom an event is told."""
        if url := self._controls.push.get("url"):
            yield Hook(url=url, secret=self._controls.push.get("secret", ""))
        yield from [hook for hook in self.registered.values() if self._hears(hook.shown, event)]

    def send(self, hook: Hook, told: Json, headers: Callable[[bytes], Mapping[str, str]] = lambda _body: {}) -> None:
        """Deliver something to one of them soon."""
        content = json.dumps(told).encode()
        self._controls.sender.send(Delivery(url=hook.url, body=always(content), headers=headers))
