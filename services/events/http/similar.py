"""Tells editors, while they type and at the preview, which events may be the same."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID

from litestar import get

from services.events.content import EventContent
from services.events.http.acting import EDITS, LIST
from services.events.store.similar import Similar, Sought, similar
from services.events.wording import ORIGINS, STATES
from shared.database import Connection
from shared.text import UnreadableText, clean
from shared.web.fields import Wrong, read_day
from shared.web.pages import Page, page
from shared.web.request import Request

MOST: Final = 5
MOST_CHARACTERS: Final = 300
FEWEST_CHARACTERS: Final = 4
"""Of a title; less is like everything."""


@get(f"{LIST}/aehnliche", opt=EDITS)
async def get_similar(request: Request) -> Page:
    """Show the part of a form that names events which may be the same; nothing while unsure."""
    sought = _sought(request)
    found: Sequence[Similar] = []
    if sought is not None:
        async with request.pool.acquire() as connection:
            found = await similar(connection, sought, MOST)
    return page(request, "aehnliche_termine.html", similar=found, origins=ORIGINS, states=STATES)


async def similar_to(
    connection: Connection, content: EventContent, but: UUID | None
) -> Sequence[Similar]:
    """Return events that may be the same as `content`."""
    sought = Sought(
        title=content.title,
        starts=content.starts,
        place_id=content.place_id,
        place_name=content.place_name,
        but=but,
    )
    return await similar(connection, sought, MOST)


def _sought(request: Request) -> Sought | None:
    """Return what is typed so far; None where it is too little or makes no sense yet."""
    given = request.query_params
    try:
        day = read_day([given.get("starts_on") or ""])
        title = clean(given.get("title") or "").strip()[:MOST_CHARACTERS]
        place_name = clean(given.get("place_name") or "").strip()[:MOST_CHARACTERS]
    except (Wrong, UnreadableText):
        return None
    if len(title) < FEWEST_CHARACTERS:
        title = ""
    place_id = _id(given.get("place_id"))
    if not title and not place_name and place_id is None:
        return None
    return Sought(
        title=title,
        starts=datetime.combine(day, time.min),
        place_id=place_id,
        place_name="" if place_id else place_name,
        but=_id(given.get("ausser")),
    )


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
