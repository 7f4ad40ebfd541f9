"""The form in which editors say what an event is, and what it means."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from services.events.content import (
    Description,
    EasySummary,
    EventContent,
    EventTexts,
    Line,
    Title,
    WebAddress,
)
from services.events.http.times_form import (
    Step,
    TimesForm,
    copied_times,
    shown_times,
    times_of,
)
from services.events.model import CalendarEvent
from shared.errors import Refused
from shared.web.forms import Form, Value, empty_form, read_form
from shared.web.request import Request

_BESIDE: Final = {"starts": "starts_on", "ends": "ends_at"}
"""Where a refusal about the event's times is shown."""


class TextsForm(msgspec.Struct, kw_only=True):
    """What the event says."""

    version: int = 0
    """Of the event, as the editor has seen it."""
    step: Step = "preview"
    title: Title
    description: Description = ""
    place_id: UUID | None = None
    place_name: Line = ""
    place_address: Line = ""
    organiser_id: UUID | None = None
    organiser: Line = ""
    website: WebAddress = ""
    categories: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    price: Line = ""
    registration_url: WebAddress = ""
    easy_summary: EasySummary = ""
    provider: Line = ""
    checked_on: date | None = None


class NewEvent(msgspec.Struct, frozen=True):
    """The form for a whole event: when it is, and what it says."""

    times: Form[TimesForm]
    texts: Form[TextsForm]

    @property
    def shown(self) -> Form[TextsForm]:
        """Return both as one form, for showing them again."""
        return Form(
            {**self.times.raw, **self.texts.raw}, {**self.times.errors, **self.texts.errors}, None
        )

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong with either."""
        return self.times.is_valid and self.texts.is_valid

    def content(self) -> EventContent:
        """Return what the event will say.

        Raises:
            Malformed: names what does not go together.
        """
        texts = texts_of(self.texts, EventTexts(title=self.texts.value.title))
        times = times_of(self.times)
        return EventContent(**msgspec.structs.asdict(texts), **msgspec.structs.asdict(times))


def empty_event() -> NewEvent:
    """Return the form for an event that nobody has written yet."""
    return NewEvent(empty_form(TimesForm), empty_form(TextsForm))


def known_event_form(event: CalendarEvent) -> NewEvent:
    """Return the form for an event, filled with what it says."""
    return NewEvent(
        empty_form(TimesForm, shown_times(event, event.version)),
        empty_form(TextsForm, shown_texts(event)),
    )


def copied_event(source: CalendarEvent) -> NewEvent:
    """Return the form for a new event like another, on a day that nobody has named yet.

    Only what the form asks for is taken over, so neither key nor state, history or picture; nor
    when somebody last looked at an offer.
    """
    texts = {**shown_texts(source), "version": 0, "checked_on": None}
    return NewEvent(empty_form(TimesForm, copied_times(source)), empty_form(TextsForm, texts))


async def read_event(request: Request) -> NewEvent:
    """Read the form for a whole event."""
    return NewEvent(await read_form(request, TimesForm), await read_form(request, TextsForm))


def texts_of(form: Form[TextsForm], before: EventTexts) -> EventTexts:
    """Return what the event will say: `before`, changed in every field that the form has sent.

    A field that the form does not show stays as it is; one that was emptied is sent, and is empty.
    """
    before = msgspec.convert(before, EventTexts, from_attributes=True)
    changes = {
        name: _listed(getattr(form.value, name))
        for name in EventTexts.__struct_fields__
        if form.raw.get(name)
    }
    texts = msgspec.structs.replace(before, **changes)
    is_elsewhere = (texts.place_name, texts.place_address) != (
        before.place_name,
        before.place_address,
    )
    if texts.place_id is None and is_elsewhere:
        # The point on the map was that of the other place.
        return msgspec.structs.replace(texts, latitude=None, longitude=None)
    return texts


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def shown_texts(event: CalendarEvent) -> dict[str, Any]:
    """Return the fields of the form that change an event's texts."""
    texts = {name: getattr(event, name) for name in EventTexts.__struct_fields__}
    return {**texts, "version": event.version}


def put_beside(form: Form[Value], refusal: Refused) -> None:
    """Show a refusal beside the field that it is about."""
    field = refusal.field or ""
    form.errors[_BESIDE.get(field, field)] = refusal.sentence
