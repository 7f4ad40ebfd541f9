"""Lists the single dates of a series for editors, who cancel, move and restore them."""

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.commands.cancel_date import CancelDate, cancel_date
from services.events.commands.move_date import MoveDate, move_date
from services.events.commands.restore_date import RestoreDate, restore_date
from services.events.content import DEFAULT_ZONE, duration
from services.events.http.acting import EDITS, LIST, UNPROCESSABLE, acting
from services.events.http.event_form import put_beside
from services.events.http.seen import seen_event, seen_version
from services.events.http.times_form import DateForm, hours_of, shown_date
from services.events.model import CalendarEvent, content_of
from services.events.recurrence import dates
from services.events.single_dates import NoSuchDate, change_of
from services.events.wording import when
from shared.errors import Malformed, Refused
from shared.ical.timezone import wall_clock
from shared.web.fields import Wrong, read_day
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

ROWS: Final = 12
AHEAD: Final = timedelta(days=3_660)
DATES: Final = f"{LIST}/{{calendar_event_id:uuid}}/einzeltermine"
_SPELLING: Final = "%Y%m%dT%H%M%S"


class Single(msgspec.Struct, frozen=True):
    """One date of a series as its editors see it."""

    when: str
    path: str
    """What can be done about it lies below."""
    is_changed: bool
    is_cancelled: bool


class Singly(msgspec.Struct, frozen=True):
    """A part of the dates of a series."""

    rows: list[Single]
    later: str
    """The day from which the next part begins, JJJJ-MM-TT; empty if this is the last."""


def read_since(request: Request, now: datetime) -> datetime:
    """Return midnight (naive) of the day that `?ab=2026-09-12` asks for, today's if it asks not.

    Raises:
        Malformed: there is no such day.
    """
    asked = request.query_params.get("ab")
    if not asked:
        return datetime.combine(wall_clock(now, DEFAULT_ZONE).date(), time.min)
    try:
        return datetime.combine(read_day([asked]), time.min)
    except Wrong as wrong:
        raise Malformed(str(wrong), "ab") from wrong


def listed_singly(event: CalendarEvent, since: datetime) -> Singly:
    """Return the dates of a series from `since` (naive) on; none of a single event."""
    if not event.recurrence or event.is_kept_elsewhere or event.state == "cancelled":
        return Singly([], "")
    found = dates(event, since, since + AHEAD, ROWS + 1)
    base = f"{LIST}/{event.calendar_event_id}/einzeltermine"
    rows = [
        Single(
            when(each, all_day=event.all_day),
            f"{base}/{each.original.strftime(_SPELLING)}",
            each.is_cancelled or each.original != each.starts,
            each.is_cancelled,
        )
        for each in found
    ]
    later = found[ROWS].starts.date().isoformat() if len(found) > ROWS else ""
    return Singly(rows[:ROWS], later)


@get(f"{DATES}/{{date:str}}/absagen", opt=EDITS)
async def get_cancel_date(
    request: Request, calendar_event_id: FromPath[UUID], date: FromPath[str]
) -> Page:
    """Ask whether one date of a series is to be cancelled."""
    event = await seen_event(request, calendar_event_id)
    words = _words(event, read_original(date))
    return page(
        request,
        "confirm.html",
        question=f"„{event.title}“ am {words} absagen?",
        consequences=[
            "Nur dieser Termin fällt aus; die anderen der Serie finden statt.",
            "Er bleibt sichtbar und ist als abgesagt gekennzeichnet.",
            "Sie können die Absage später zurücknehmen.",
        ],
        action=f"{LIST}/{calendar_event_id}/einzeltermine/{date}/absagen",
        yes="Termin absagen",
        back=f"{LIST}/{calendar_event_id}",
        fields={"version": event.version},
    )


@post(f"{DATES}/{{date:str}}/absagen", opt=EDITS)
async def post_cancel_date(
    request: Request, calendar_event_id: FromPath[UUID], date: FromPath[str]
) -> Page:
    """Cancel one date of a series."""
    version, by = await seen_version(request), request.signed_in.name
    command = CancelDate(calendar_event_id, version, read_original(date), by)
    async with acting(request) as deed:
        await cancel_date(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "cancel_date", calendar_event_id)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Der Termin ist abgesagt.")


@post(f"{DATES}/{{date:str}}/wiederherstellen", opt=EDITS)
async def post_restore_date(
    request: Request, calendar_event_id: FromPath[UUID], date: FromPath[str]
) -> Page:
    """Let one date of a series take place as its rule says."""
    version, by = await seen_version(request), request.signed_in.name
    command = RestoreDate(calendar_event_id, version, read_original(date), by)
    async with acting(request) as deed:
        await restore_date(deed.transaction, command, deed.site, deed.now)
        await deed.note(request, "restore_date", calendar_event_id)
    told = "Der Termin findet wieder statt wie geplant."
    return see_other(request, f"{LIST}/{calendar_event_id}", told)


@get(f"{DATES}/{{date:str}}/verlegen", opt=EDITS)
async def get_move_date(
    request: Request, calendar_event_id: FromPath[UUID], date: FromPath[str]
) -> Page:
    """Show the form for when one date is instead."""
    event = await seen_event(request, calendar_event_id)
    original = read_original(date)
    change = change_of(event, original)
    starts = original if change is None else change.starts
    ends = starts + duration(event) if change is None or change.ends is None else change.ends
    given = shown_date(starts, ends, all_day=event.all_day, has_end=ends > starts)
    form = empty_form(DateForm, {**given, "version": event.version})
    return _move_page(request, event, original, form)


@post(f"{DATES}/{{date:str}}/verlegen", opt=EDITS)
async def post_move_date(
    request: Request, calendar_event_id: FromPath[UUID], date: FromPath[str]
) -> Page:
    """Move one date of a series."""
    event = await seen_event(request, calendar_event_id)
    original, form = read_original(date), await read_form(request, DateForm)
    if not form.is_valid:
        return _move_page(request, event, original, form)
    version, by = form.value.version, request.signed_in.name
    try:
        starts, ends = hours_of(form.value, all_day=event.all_day)
        command = MoveDate(calendar_event_id, version, original, starts, ends, by)
        async with acting(request) as deed:
            await move_date(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "move_date", calendar_event_id)
    except Refused as refusal:
        put_beside(form, refusal)
        return _move_page(request, event, original, form)
    return see_other(request, f"{LIST}/{calendar_event_id}", "Der Termin ist verlegt.")


def read_original(text: str) -> datetime:
    """Return the naive start that an address such as `…/20260912T193000` names.

    Raises:
        NoSuchDate: that is no time.
    """
    try:
        return datetime.strptime(text, _SPELLING)  # noqa: DTZ007 - a wall clock
    except ValueError as error:
        raise NoSuchDate from error


def _move_page(
    request: Request, event: CalendarEvent, original: datetime, form: Form[DateForm]
) -> Page:
    return page(
        request,
        "einzeltermin_verlegen.html",
        status=UNPROCESSABLE if form.errors else 200,
        event=event,
        form=form,
        was=_words(event, original),
        original=original.strftime(_SPELLING),
    )


def _words(event: CalendarEvent, original: datetime) -> str:
    """Return when the rule has a date, in words.

    Raises:
        NoSuchDate: it has none then.
    """
    change_of(event, original)
    content = msgspec.structs.replace(content_of(event), changed=[])
    [found] = dates(content, original, original + timedelta(seconds=1), 1)
    return when(found, all_day=event.all_day)
