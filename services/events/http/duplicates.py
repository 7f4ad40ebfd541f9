"""Lets editors decide which events are the same."""

from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.commands.merge_events import MergeEvents, merge_events
from services.events.http.acting import EDITS, LIST, acting
from services.events.http.seen import known_event
from services.events.model import CalendarEvent
from services.events.store import duplicates
from services.events.wording import ORIGINS, STATES, when_is
from shared.errors import Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

DUPLICATES: Final = f"{LIST}/doppelt"
MOST: Final = 100
_UNPROCESSABLE: Final = 422


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of two events that are compared."""

    name: str
    """`first` or `second`, as the form names it."""
    event: CalendarEvent
    source: str | None
    """Title of the partner that publishes it."""


class MergeForm(msgspec.Struct, kw_only=True):
    """Which of two events stays, as they were shown."""

    kept: Literal["first", "second"]
    first_version: int
    second_version: int


@get(DUPLICATES, opt=EDITS)
async def get_duplicates(request: Request) -> Page:
    """List pairs of coming events that may be the same."""
    async with request.pool.acquire() as connection:
        found = await duplicates.open_suspicions(connection, datetime.now(UTC), MOST)
    return page(
        request, "termine_doppelt.html", found=found, most=MOST, origins=ORIGINS, states=STATES
    )


@get(f"{DUPLICATES}/{{first:uuid}}/{{second:uuid}}", opt=EDITS)
async def get_comparison(request: Request, first: FromPath[UUID], second: FromPath[UUID]) -> Page:
    """Show two events side by side and ask whether they are the same."""
    return await _comparison(request, first, second, empty_form(MergeForm))


@post(f"{DUPLICATES}/{{first:uuid}}/{{second:uuid}}", opt=EDITS)
async def post_merge(request: Request, first: FromPath[UUID], second: FromPath[UUID]) -> Page:
    """Merge one of two events into the other."""
    form = await read_form(request, MergeForm)
    if not form.is_valid:
        return await _comparison(request, first, second, form)
    wish = form.value
    versions = {first: wish.first_version, second: wish.second_version}
    kept, gone = (first, second) if wish.kept == "first" else (second, first)
    command = MergeEvents(
        kept_id=kept, kept_version=versions[kept], gone_id=gone, gone_version=versions[gone]
    )
    try:
        async with acting(request) as deed:
            await merge_events(deed.transaction, command)
            await deed.note(request, "merge_events", gone)
    except Refused as refusal:
        form.refuse(refusal)
        return await _comparison(request, first, second, form)
    return see_other(request, f"{LIST}/{kept}", "Die Veranstaltungen sind zusammengelegt.")


@post(f"{DUPLICATES}/{{first:uuid}}/{{second:uuid}}/verschieden", opt=EDITS)
async def post_dismiss(request: Request, first: FromPath[UUID], second: FromPath[UUID]) -> Page:
    """Remember that two events are not the same."""
    async with acting(request) as deed:
        for each in (first, second):
            await known_event(deed.transaction, each)
        await duplicates.dismiss(deed.transaction, first, second)
        await deed.note(request, "dismiss_duplicate", first)
    return see_other(request, DUPLICATES, "Gemerkt: Das sind zwei verschiedene Veranstaltungen.")


async def _comparison(request: Request, first: UUID, second: UUID, form: Form[MergeForm]) -> Page:
    async with request.pool.acquire() as connection:
        pair = [
            Side(
                name=name,
                event=await known_event(connection, each),
                source=await duplicates.partner_title(connection, each),
            )
            for name, each in (("first", first), ("second", second))
        ]
    return page(
        request,
        "termine_vergleich.html",
        status=_UNPROCESSABLE if form.errors else 200,
        form=form,
        pair=pair,
        when_is=when_is,
        origins=ORIGINS,
        states=STATES,
        action=f"{DUPLICATES}/{first}/{second}",
        back=DUPLICATES,
    )
