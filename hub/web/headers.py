"""What every answer tells the browser not to do."""

import secrets

from flask import Flask, Response, g, request

from hub.settings import Settings

_YEAR = 31_536_000


def install(app: Flask, settings: Settings) -> None:
    """Give each request its nonce and each answer its headers."""

    @app.before_request
    def chosen() -> None:
        g.nonce = secrets.token_urlsafe(16)

    @app.after_request
    def hardened(response: Response) -> Response:
        _headers(response)
        if settings.secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
        return response


def _headers(response: Response) -> None:
    policy = (
        f"default-src 'none'; script-src 'nonce-{g.get('nonce', '')}'; style-src 'self'; img-src 'self'; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Forms over TLS are checked by their Referer, which therefore stays within our own pages.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
