"""The doors for machines beside the API: pushes of the systems, and what watches over the hub."""

from flask import Flask

from hub.sync.hub import Hub
from hub.web.doors.health import health
from hub.web.doors.webhooks import webhooks

__all__ = ["install"]


def install(app: Flask, hub: Hub) -> None:
    """Serve the doors of this hub."""
    app.extensions["hub"] = hub
    for blueprint in (webhooks, health):
        app.register_blueprint(blueprint)
