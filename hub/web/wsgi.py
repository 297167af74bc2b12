"""The application that a WSGI server runs."""

from hub import settings
from hub.sync.hub import opened
from hub.web import create_app

BUSY = 2000
"""Milliseconds that a page waits for SQLite's one writer before it answers 503."""

application = create_app(opened(settings.read(), busy=BUSY))
