"""Pushes of systems where people enter an address by hand: each goes to the one that the control door was told, unsigned."""

import json

from hub.sandbox.answers import Json
from hub.sandbox.push import Delivery, always
from hub.sandbox.standin import Controls


def tell(controls: Controls, told: Json) -> None:
    """Deliver something soon, if an address was entered."""
    if url := controls.push.get("url"):
        controls.sender.send(Delivery(url=url, body=always(json.dumps(told).encode()), headers=lambda _body: {}))
