"""The form in which editors enter a committee's meetings."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from services.events.committees.commands.plan_meeting import PlanMeeting, plan_meeting
from services.events.committees.http.console import COMMITTEES, ONE, known_committee, note
from services.events.committees.model import Repeats, rule_of
from services.events.content import EventContent
from services.events.http.acting import EDITS, UNPROCESSABLE, acting
from services.events.http.event_form import TimesForm, put_beside, times_of
from shared.errors import Malformed, NotFound, Refused
from shared.web.forms import Form, empty_form, read_form
from shared.web.pages import Page, page, see_other
from shared.web.request import Request

LABELS: Final = {
    "title": "Titel",
    "description": "Tagesordnung",
    "place_name": "Ort",
    "place_address": "Anschrift",
    "starts_on": "Tag",
    "starts_at": "Beginn",
    "ends_on": "Letzter Tag",
    "ends_at": "Ende",
    "repeats": "Wiederholung",
    "until": "Bis",
}
REPEATS: Final = [
    ("weekly", "jede Woche"),
    ("fortnightly", "alle zwei Wochen"),
    ("four_weekly", "alle vier Wochen"),
    ("monthly", "jeden Monat am selben Wochentag"),
    ("quarterly", "jedes Vierteljahr am selben Wochentag"),
]


class MeetingForm(TimesForm, kw_only=True):
    """A meeting, or a series of them."""

    title: Annotated[str, msgspec.Meta(max_length=200)]
    description: Annotated[str, msgspec.Meta(max_length=8_000)] = ""
    place_name: Annotated[str, msgspec.Meta(max_length=300)] = ""
    place_address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    repeats: Repeats = ""
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        super().__post_init__()
        if self.until and not self.repeats:
            raise Malformed("Bitte wählen Sie auch, wie oft sich der Termin wiederholt.", "repeats")
        if self.until and self.until < self.starts_on:
            raise Malformed("Die Serie würde vor dem ersten Termin enden.", "until")

    def content(self, organiser: str) -> EventContent:
        """Return what the meeting will say."""
        times = times_of(self)
        rule = rule_of(self.repeats, times.starts, self.until)
        return EventContent(
            title=self.title,
            description=self.description,
            place_name=self.place_name,
            place_address=self.place_address,
            organiser=organiser,
            **{**msgspec.structs.asdict(times), "recurrence": rule},
        )


@get(f"{ONE}/termine/neu", opt=EDITS)
async def get_new_meeting(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Show the form for a meeting."""
    return await _form_page(request, committee_id, empty_form(MeetingForm, {"title": "Sitzung"}))


@post(f"{ONE}/termine/neu", opt=EDITS)
async def post_new_meeting(request: Request, committee_id: FromPath[UUID]) -> Page:
    """Enter a meeting; it stands in the members' calendars at once."""
    form = await read_form(request, MeetingForm)
    if not form.is_valid:
        return await _form_page(request, committee_id, form)
    try:
        async with acting(request) as deed:
            committee = await known_committee(deed.transaction, committee_id)
            by, content = request.signed_in.name, form.value.content(committee.name)
            command = PlanMeeting(committee_id, content, by)
            event = await plan_meeting(deed.transaction, command, deed.site, deed.now)
            await deed.note(request, "plan_meeting", event.calendar_event_id)
            await note(request, deed.transaction, "plan_meeting", committee_id)
    except NotFound:
        raise
    except Refused as refusal:
        put_beside(form, refusal)
        return await _form_page(request, committee_id, form)
    return see_other(request, f"{COMMITTEES}/{committee_id}", "Der Termin ist eingetragen.")


async def _form_page(request: Request, committee_id: UUID, form: Form[MeetingForm]) -> Page:
    async with request.pool.acquire() as connection:
        committee = await known_committee(connection, committee_id)
    return page(
        request,
        "konsole_sitzung.html",
        status=UNPROCESSABLE if form.errors else 200,
        committee=committee,
        form=form,
        labels=LABELS,
        repeats=REPEATS,
    )


ROUTES: Final = [get_new_meeting, post_new_meeting]
