"""Lets associations in by their links, and says whose page it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from services.events.associations.model import Association, NotYours, OwnEvent
from services.events.associations.store import links, submissions
from services.events.http.acting import Deed, acting
from shared.database import Connection
from shared.web.access import PUBLIC, capability
from shared.web.capability import MINUTES, check_misses, enter, missed
from shared.web.cookies import capability_cookie, set_cookie
from shared.web.request import Request
from shared.web.tokens import hash_token

KIND: Final = "submission"
HERE: Final = "/veranstaltung-melden"
THEIRS: Final = capability(KIND)
"""`opt=` of the pages that a link opens."""


@get(f"{HERE}/{{token:str}}", opt=PUBLIC)
async def get_link(request: Request, token: FromPath[str]) -> Response[str]:
    """Open an association's link; changes nothing."""
    return await _entered(request, token, HERE)


@get(f"{HERE}/{{token:str}}/termine/{{calendar_event_id:uuid}}", opt=PUBLIC)
async def get_link_to_event(
    request: Request, token: FromPath[str], calendar_event_id: FromPath[UUID]
) -> Response[str]:
    """Open the link of a mail, at the event that the mail is about; changes nothing."""
    return await _entered(request, token, f"{HERE}/termine/{calendar_event_id}")


async def whose(request: Request, connection: Connection) -> Association:
    """Return whom this browser's link belongs to, if it still holds, and let it hold on.

    Raises:
        LinkMissing: this browser has opened no link, or not lately.
        LinkUnknown: it was called back.
    """
    found = await links.find_by_link(connection, request.capability(KIND))
    if found is None:
        raise missed(request)
    cookie = capability_cookie(KIND)
    set_cookie(request.scope, cookie, request.cookies[cookie], max_age_seconds=MINUTES * 60)
    return found


async def own_event(request: Request, connection: Connection, calendar_event_id: UUID) -> OwnEvent:
    """Return one of the events of the association whose link this browser has opened.

    Raises:
        NotYours: it has no such event.
    """
    association = await whose(request, connection)
    own = await submissions.find_own(connection, association.organiser_id, calendar_event_id)
    if own is None:
        raise NotYours
    return own


@asynccontextmanager
async def their_deed(request: Request) -> AsyncIterator[tuple[Deed, Association]]:
    """Open a transaction in which the association does something."""
    async with acting(request) as deed:
        yield deed, await whose(request, deed.transaction)


async def _entered(request: Request, token: str, path: str) -> Response[str]:
    check_misses(request)
    async with request.pool.acquire() as connection:
        found = await links.find_by_link(connection, hash_token(token))
    if found is None:
        raise missed(request)
    return enter(request, KIND, token, path)
