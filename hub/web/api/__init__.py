"""API v1: customers, records, connections and the feed of changes for other programs."""

from flask import Flask
from flask_limiter import Limiter

from hub.sync.hub import Hub
from hub.web.api import connections, customers, feed, identity, lifecycle, records, settings
from hub.web.api.blueprint import api
from hub.web.api.docs import described, docs
from hub.web.api.keys import bucket

__all__ = ["LIMIT", "connections", "customers", "feed", "identity", "install", "lifecycle", "records", "settings"]

LIMIT = "600 per minute"
"""Calls of one key, or of one address without a key, at one process of the web."""


def install(app: Flask, hub: Hub, *, limit: str = LIMIT) -> None:
    """Serve the API of this hub under /api/v1."""
    app.extensions["hub"] = hub
    limiter = Limiter(bucket, storage_uri="memory://", strategy="moving-window", headers_enabled=True)
    limiter.limit(limit)(api)
    limiter.init_app(app)
    description = described(app)
    description.register_blueprint(api)
    app.register_blueprint(docs)
