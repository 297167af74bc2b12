"""Where tests have a stand-in's deliveries go instead of an address."""

import json
from typing import Any

from hub.sandbox.push import Delivery, Sender


class Post(Sender):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Delivery] = []

    def send(self, delivery: Delivery) -> None:
        self.taken.append(delivery)


class Kept(Sender):
    """Keeps what each delivery would tell, with its headers."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[tuple[dict[str, Any], dict[str, str]]] = []

    def send(self, delivery: Delivery) -> None:
        body = delivery.body(0)
        self.taken.append((json.loads(body), dict(delivery.headers(body))))
