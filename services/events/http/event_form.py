"""The form in which editors say what an event is, and what it means."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

import msgspec

from services.events.content import EventContent, EventTexts, EventTimes, duration
from services.events.model import CalendarEvent
from services.events.wording import clock
from shared.errors import Malformed, Refused
from shared.web.forms import Form, Value

Step = Literal["edit", "preview", "save", "publish"]
_BESIDE = {"starts": "starts_on", "ends": "ends_at"}
"""Where a refusal about the event's times is shown."""


class TextsForm(msgspec.Struct, kw_only=True):
    """What the event says."""

    version: int = 0
    """Of the event, as the editor has seen it."""
    step: Step = "preview"
    title: Annotated[str, msgspec.Meta(max_length=200)]
    description: Annotated[str, msgspec.Meta(max_length=8_000)] = ""
    place_name: Annotated[str, msgspec.Meta(max_length=300)] = ""
    place_address: Annotated[str, msgspec.Meta(max_length=300)] = ""
    organiser: Annotated[str, msgspec.Meta(max_length=300)] = ""
    website: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    categories: tuple[str, ...] = ()

    def texts(self) -> EventTexts:
        """Return the texts; a point on the map is not asked for here."""
        return EventTexts(
            title=self.title,
            description=self.description,
            place_name=self.place_name,
            place_address=self.place_address,
            organiser=self.organiser,
            website=self.website,
            categories=list(self.categories),
        )


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
        self.content()

    def content(self) -> EventContent:
        """Return what the event will say."""
        times = msgspec.structs.asdict(times_of(self))
        return EventContent(**msgspec.structs.asdict(self.texts()), **times)


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
