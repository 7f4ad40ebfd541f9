"""Turns whatever was raised into an answer: a German page for people, RFC 9457 for programs."""

import socket
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote

import asyncpg
import litestar
import msgspec
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException

from shared.asks import AskFailed
from shared.database import CONNECTION_GONE
from shared.errors import Forbidden, Malformed, NotFound, Refused
from shared.telemetry import log
from shared.web.csrf import UNSAFE
from shared.web.pages import page
from shared.web.request import NotSignedIn, Request

SIGN_IN: Final = "/anmelden"
URN: Final = "urn:ehrensache:problem:"
RETRY_SECONDS: Final = 60
"""What Retry-After promises while a part of the system is away, or who tried too often waits."""

_UNREADABLE = (RecursionError, UnicodeError, asyncpg.CharacterNotInRepertoireError)
_AWAY = (
    AskFailed,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    *CONNECTION_GONE,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
)
STATUSES: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], int], ...]] = (
    (NotSignedIn, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (Malformed, 400),
    (Refused, 409),
    (_UNREADABLE, 400),
    (_AWAY, 503),
)
"""The one table of what is answered to what; the first line that fits decides."""

_TITLES: Final = {
    400: "Die Anfrage ist nicht lesbar",
    401: "Bitte anmelden",
    403: "Kein Zugang",
    404: "Nicht gefunden",
    405: "So nicht möglich",
    409: "Das geht gerade nicht",
    413: "Zu groß",
    415: "Nicht lesbares Format",
    422: "Bitte prüfen Sie Ihre Angaben",
    429: "Zu viele Versuche",
    500: "Da ist etwas schiefgegangen",
    503: "Gerade nicht erreichbar",
}
_SENTENCES: Final = {
    400: "Der Server konnte die gesendeten Angaben nicht lesen.",
    404: "Diese Seite gibt es hier nicht (mehr). Vielleicht ist die Adresse nicht vollständig.",
    405: "Diese Adresse kann auf diese Weise nicht aufgerufen werden.",
    413: "Die gesendete Datei oder Eingabe ist zu groß.",
    415: "Dieses Format kann der Server nicht lesen.",
    500: "Der Fehler wurde vermerkt. Bitte nennen Sie bei Rückfragen die Vorgangsnummer.",
    503: "Bitte versuchen Sie es in einer Minute erneut.",
}


class FieldProblem(msgspec.Struct, frozen=True):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A problem document. Source: RFC 9457; `type` ends in the stable name of the reason."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: tuple[FieldProblem, ...] = ()


def answer_exception(plain: "litestar.Request[Any, Any, Any]", error: Exception) -> Response[Any]:
    """Return the answer to what a route has raised; what nobody foresaw is logged in full."""
    request = cast("Request", plain)
    problem = describe(request, error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log().error("request_failed", exc_info=error)
    elif problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        log().warning("request_unavailable", error=repr(error))
    if isinstance(error, NotSignedIn) and request.wants_page and request.method not in UNSAFE:
        return _to_sign_in(request)
    answer = _render(request, problem)
    answer.headers.update(_headers(error, problem.status))
    return answer


def describe(request: Request, error: Exception) -> Problem:
    """Return the problem document of an exception."""
    status = int(status_of(error))
    name = type(error).__name__
    if isinstance(error, (HTTPException, *_UNREADABLE)):
        name = HTTPStatus(status).phrase.title().replace(" ", "")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        name = "Unavailable" if status == HTTPStatus.SERVICE_UNAVAILABLE else "InternalError"
    return Problem(
        type=URN + name,
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=error.sentence if isinstance(error, Refused) else _SENTENCES.get(status, ""),
        request_id=request.request_id,
        errors=tuple(_field_problems(error)),
    )


def status_of(error: Exception) -> int:
    """Return the HTTP status that an exception is answered with."""
    if isinstance(error, HTTPException):
        return error.status_code
    for kinds, status in STATUSES:
        if isinstance(error, kinds):
            return getattr(error, "status", status)
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _field_problems(error: Exception) -> list[FieldProblem]:
    if isinstance(error, Refused) and error.field:
        return [FieldProblem(error.field, error.sentence)]
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        return [
            FieldProblem(str(found.get("key", "")), str(found.get("message", "")))
            for found in error.extra
            if isinstance(found, dict)
        ]
    return []


def _headers(error: Exception, status: int) -> dict[str, str]:
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"retry-after": str(getattr(error, "pause_seconds", RETRY_SECONDS))}
    if isinstance(error, HTTPException) and "Allow" in (error.headers or {}):
        return {"allow": (error.headers or {})["Allow"]}
    return {}


def _to_sign_in(request: Request) -> Response[str]:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    location = f"{SIGN_IN}?weiter={quote(wanted, safe='')}"
    return Response("", status_code=303, headers={"location": location})


def _render(request: Request, problem: Problem) -> Response[Any]:
    if request.wants_page:
        return page(request, "problem.html", status=int(problem.status), problem=problem)
    return Response(
        msgspec.json.encode(problem),
        status_code=int(problem.status),
        media_type="application/problem+json",
    )
