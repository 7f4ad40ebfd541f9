"""The form in which editors say what an event is, and what it means."""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from services.events.content import (
    Description,
    EasySummary,
    EventContent,
    EventTexts,
    EventTimes,
    Line,
    Title,
    WebAddress,
    duration,
)
from services.events.model import CalendarEvent
from services.events.wording import clock
from shared.errors import Malformed, Refused
from shared.web.forms import Form, Value

Step = Literal["edit", "preview", "save", "publish"]
FilledTexts = TypeVar("FilledTexts", bound="TextsForm")
_BESIDE = {"starts": "starts_on", "ends": "ends_at"}
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


def texts_of(form: Form[FilledTexts], before: EventTexts) -> EventTexts:
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


class TimesForm(msgspec.Struct, kw_only=True):
    """When the event is."""

    version: int = 0
    step: Step = "preview"
    starts_on: date
    starts_at: time | None = None
    ends_on: date | None = None
    ends_at: time | None = None
    all_day: bool = False

    def __post_init__(self) -> None:
        """Refuse times that do not go together."""
        self.times()

    def times(self) -> EventTimes:
        """Return the times.

        Raises:
            Malformed: an hour is missing, or one too many.
        """
        return times_of(self)


class NewEventForm(TextsForm, kw_only=True):
    """A whole event."""

    starts_on: date
    starts_at: time | None = None
    ends_on: date | None = None
    ends_at: time | None = None
    all_day: bool = False

    def __post_init__(self) -> None:
        """Refuse times that do not go together."""
        times_of(self)


def content_of_form(form: Form[NewEventForm]) -> EventContent:
    """Return what the event of a filled-in form will say."""
    texts = texts_of(form, EventTexts(title=form.value.title))
    times = msgspec.structs.asdict(times_of(form.value))
    return EventContent(**msgspec.structs.asdict(texts), **times)


def times_of(form: TimesForm | NewEventForm) -> EventTimes:
    """Return the times that a form means.

    An end without a day is on the first day, or after midnight if it would lie before the start.

    Raises:
        Malformed: an hour is missing.
    """
    if form.all_day:
        last = form.ends_on or form.starts_on
        return EventTimes(
            starts=datetime.combine(form.starts_on, time.min),
            ends=datetime.combine(last, time.min) + timedelta(days=1),
            all_day=True,
        )
    if form.starts_at is None:
        raise Malformed("Bitte geben Sie den Beginn an, oder wählen Sie „ganztägig“.", "starts_at")
    if form.ends_on is not None and form.ends_at is None:
        raise Malformed("Bitte geben Sie auch die Uhrzeit des Endes an.", "ends_at")
    starts = datetime.combine(form.starts_on, form.starts_at)
    return EventTimes(starts=starts, ends=_ends(form, starts))


def _ends(form: TimesForm | NewEventForm, starts: datetime) -> datetime | None:
    if form.ends_at is None:
        return None
    ends = datetime.combine(form.ends_on or form.starts_on, form.ends_at)
    return ends + timedelta(days=1) if form.ends_on is None and ends < starts else ends


def shown_texts(event: CalendarEvent) -> dict[str, Any]:
    """Return the fields of the form that change an event's texts."""
    texts = {name: getattr(event, name) for name in EventTexts.__struct_fields__}
    return {**texts, "version": event.version}


def shown_times(event: CalendarEvent) -> dict[str, Any]:
    """Return the fields of the form that moves an event."""
    ends = event.starts + duration(event)
    last = ends.date() - timedelta(days=1) if event.all_day else ends.date()
    return {
        "version": event.version,
        "starts_on": event.starts.date(),
        "starts_at": "" if event.all_day else clock(event.starts),
        "ends_on": None if event.ends is None or last == event.starts.date() else last,
        "ends_at": "" if event.all_day or event.ends is None else clock(ends),
        "all_day": event.all_day,
    }


def put_beside(form: Form[Value], refusal: Refused) -> None:
    """Show a refusal beside the field that it is about."""
    field = refusal.field or ""
    form.errors[_BESIDE.get(field, field)] = refusal.sentence
