"""Pages for what went wrong: in words, with what to do; a problem document for programs (RFC 9457)."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable

from hub.errors import BadInput
from hub.store.database import Away
from hub.web import guard, here
from hub.web.api.problems import problem

log = logging.getLogger(__name__)
_PROGRAMS = ("/api/", "/webhooks/")
_FAULT = 500


def install(app: Flask) -> None:
    """Answer every fault with a page of ours; refuse what no text of ours may hold before any page sees it."""

    @app.before_request
    def refused() -> None:
        later = _for_programs() or request.endpoint in app.extensions[guard.LARGE]
        here.refuse_no_text((request.path, *request.args.values(), *(() if later else request.form.values())))

    @app.errorhandler(HTTPException)
    def explained(error: HTTPException) -> Response:
        return _answer(error)

    @app.errorhandler(CSRFError)
    def foreign(_error: CSRFError) -> Response:
        return _answer(
            BadRequest("This form was open for too long, or it did not come from here. Go back, reload and try again.")
        )

    @app.errorhandler(BadInput)
    def unfit(error: BadInput) -> Response:
        return _answer(BadRequest(str(error)))

    for kind in Away:
        app.register_error_handler(kind, _away)

    @app.errorhandler(InternalServerError)
    def failed(error: InternalServerError) -> Response:
        log.error("request failed", extra={"endpoint": request.endpoint}, exc_info=error.original_exception)
        return _answer(InternalServerError())


def _away(_error: Exception) -> Response:
    answer = _answer(ServiceUnavailable("The database is busy. Nothing was lost; try again in a moment."))
    answer.headers["Retry-After"] = "2"
    return answer


def _answer(error: HTTPException) -> Response:
    code = error.code or _FAULT
    said = str(error.description or "") if "description" in vars(error) else ""
    if _for_programs():
        return problem(error)
    answer = make_response(render_template("fault.html", code=code, said=said))
    answer.status_code = code
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            answer.headers[name] = value
    return answer


def _for_programs() -> bool:
    return request.path.startswith(_PROGRAMS)
