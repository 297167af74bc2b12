"""The application that a WSGI server runs."""

from hub import logs, settings
from hub.sync.hub import opened
from hub.web import create_app

BUSY = 2000
"""Milliseconds that a page waits for SQLite's one writer before it answers 503."""

_settings = settings.read()
logs.configure(_settings.log_level)
logs.taken_over("gunicorn.error")
application = create_app(opened(_settings, busy=BUSY))
