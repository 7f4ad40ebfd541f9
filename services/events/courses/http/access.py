"""Opens a participant's registration for whoever holds its link."""

from datetime import datetime
from typing import Final

import msgspec

from services.events.courses.model import Course, CourseRun, Registration
from services.events.courses.store import courses, links, registrations, runs, waiting
from services.events.courses.store.links import Opened
from services.events.courses.store.waiting import Position
from shared.database import Connection
from shared.web.access import capability
from shared.web.capability import check_misses, missed
from shared.web.request import Request
from shared.web.tokens import hash_token

KIND: Final = "course"
HERE: Final = "/kurse/anmeldung"
OPENED: Final = capability(KIND)
"""`opt=` of the pages that a link opens."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a participant's page shows."""

    registration: Registration
    run: CourseRun
    course: Course
    position: Position | None
    now: datetime
    """PostgreSQL's clock."""


async def opened_by_token(request: Request, token: str) -> Opened:
    """Return what a link opens.

    Raises:
        LinkUnknown: nothing, or not any more.
        TooManyAttempts: too many wrong ones came from this address.
    """
    check_misses(request)
    return await _opened(request, hash_token(token))


async def opened_by_browser(request: Request) -> Opened:
    """Return what the link opens that this browser holds.

    Raises:
        LinkMissing: it holds none, or half an hour has passed.
        LinkUnknown: it does not hold any more.
    """
    return await _opened(request, request.capability(KIND))


async def situation_of(connection: Connection, opened: Opened) -> Situation:
    """Return how the registration stands."""
    run = await runs.get(connection, opened.course_run_id)
    return Situation(
        registration=await registrations.get(connection, opened.course_registration_id),
        run=run,
        course=await courses.get(connection, run.course_id),
        position=await waiting.position(connection, opened.course_registration_id),
        now=await runs.clock(connection),
    )


async def situation_of_browser(request: Request) -> Situation:
    """Return how the registration stands whose link this browser holds.

    Raises:
        LinkMissing, LinkUnknown: see `opened_by_browser`.
    """
    opened = await opened_by_browser(request)
    async with request.pool.acquire() as connection:
        return await situation_of(connection, opened)


async def _opened(request: Request, token_hash: bytes) -> Opened:
    async with request.pool.acquire() as connection:
        opened = await links.find(connection, token_hash)
    if opened is None:
        raise missed(request)
    return opened
