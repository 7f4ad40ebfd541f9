"""The forms in which editors say when an event is, and how it is repeated."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from services.events.content import DEFAULT_ZONE, EventContent, EventTimes, duration
from services.events.repeating import (
    Repeats,
    Repetition,
    Weekday,
    repetition_of,
    with_repetition,
)
from services.events.wording import clock
from shared.errors import Malformed
from shared.german import german_day
from shared.web.fields import Wrong, read_day
from shared.web.forms import Form

Step = Literal["edit", "preview", "save", "publish"]
Ordinal = Literal["same", "1", "2", "3", "4", "-1"]
NthDay = Literal["same", "MO", "TU", "WE", "TH", "FR", "SA", "SU"]
EndsHow = Literal["never", "until", "count"]
NIGHT: Final = timedelta(hours=12)
"""What ends before it starts ends after midnight; over so long a time it is taken for a slip."""
MOST_INTERVAL: Final = 52
MOST_COUNT: Final = 500
MOST_EXCLUDED: Final = 100


class DateForm(msgspec.Struct, kw_only=True):
    """When one date is."""

    version: int = 0
    """Of the event, as the editor has seen it."""
    step: Step = "preview"
    starts_on: date
    starts_at: time | None = None
    ends_on: date | None = None
    ends_at: time | None = None


class TimesForm(DateForm, kw_only=True):
    """When the event is."""

    all_day: bool = False
    repeats: Repeats = "once"
    interval: Annotated[int, msgspec.Meta(ge=1, le=MOST_INTERVAL)] = 1
    weekdays: tuple[Weekday, ...] = ()
    ordinal: Ordinal = "same"
    weekday: NthDay = "same"
    ends_how: EndsHow = "never"
    until: date | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_COUNT)] | None = None
    except_on: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    """Days, separated by commas, semicolons or lines."""

    def __post_init__(self) -> None:
        """Refuse what does not go together."""
        hours_of(self, all_day=self.all_day)
        if self.repeats != "once" and self.ends_how == "until" and self.until is None:
            raise Malformed("Bitte geben Sie den letzten Tag der Serie an.", "until")
        if self.repeats != "once" and self.ends_how == "count" and self.count is None:
            raise Malformed("Bitte geben Sie die Anzahl der Termine an.", "count")


def times_of(form: Form[TimesForm], before: EventContent | None = None) -> EventTimes:
    """Return the times that a form means; zone and further dates are those of `before`.

    A form that does not ask how the event is repeated leaves that as it is.

    Raises:
        Malformed: names what does not go together.
    """
    value = form.value
    starts, ends = hours_of(value, all_day=value.all_day)
    zone = before.zone if before else DEFAULT_ZONE
    times = EventTimes(starts=starts, ends=ends, all_day=value.all_day, zone=zone)
    is_asked = bool(form.raw.get("repeats"))
    wanted = _repetition(value) if before is None or is_asked else _said(before)
    return with_repetition(times, wanted, before)


def hours_of(form: DateForm, *, all_day: bool) -> tuple[datetime, datetime | None]:
    """Return start and end (naive) of the (first) date.

    An end without a day is on the first day, or after midnight if it would lie before the start.

    Raises:
        Malformed: an hour is missing, or the end lies before the start.
    """
    if all_day:
        last = form.ends_on or form.starts_on
        starts = datetime.combine(form.starts_on, time.min)
        return starts, datetime.combine(last, time.min) + timedelta(days=1)
    if form.starts_at is None:
        raise Malformed("Bitte geben Sie den Beginn an, oder wählen Sie „ganztägig“.", "starts_at")
    if form.ends_on is not None and form.ends_at is None:
        raise Malformed("Bitte geben Sie auch die Uhrzeit des Endes an.", "ends_at")
    starts = datetime.combine(form.starts_on, form.starts_at)
    if form.ends_at is None:
        return starts, None
    ends = datetime.combine(form.ends_on or form.starts_on, form.ends_at)
    if form.ends_on is not None or ends >= starts:
        return starts, ends
    ends += timedelta(days=1)
    if ends - starts > NIGHT:
        raise Malformed(
            "Das Ende liegt vor dem Beginn. Endet es am nächsten Tag, geben Sie auch den letzten "
            "Tag an.",
            "ends_at",
        )
    return starts, ends


def shown_date(
    starts: datetime, ends: datetime, *, all_day: bool, has_end: bool = True
) -> dict[str, Any]:
    """Return the fields of DateForm for these naive times."""
    last = ends.date() - timedelta(days=1) if all_day else ends.date()
    return {
        "starts_on": starts.date(),
        "starts_at": "" if all_day else clock(starts),
        "ends_on": None if not has_end or last == starts.date() else last,
        "ends_at": "" if all_day or not has_end else clock(ends),
    }


def shown_times(content: EventContent, version: int) -> dict[str, Any]:
    """Return the fields of TimesForm for an event."""
    ends = content.starts + duration(content)
    has_end = content.ends is not None
    said = _said(content)
    return {
        **shown_date(content.starts, ends, all_day=content.all_day, has_end=has_end),
        "version": version,
        "all_day": content.all_day,
        "repeats": said.repeats,
        "interval": said.interval,
        "weekdays": said.weekdays,
        "ordinal": str(said.ordinal or "same"),
        "weekday": said.weekday or "same",
        "ends_how": "until" if said.until else "count" if said.count else "never",
        "until": said.until,
        "count": said.count,
        "except_on": ", ".join(german_day(day) for day in said.excluded),
    }


def copied_times(content: EventContent) -> dict[str, Any]:
    """Return the fields of TimesForm for a new event like this one: its hours, and no day."""
    return {
        **shown_times(content, version=0),
        "starts_on": None,
        "ends_on": None,
        "until": None,
        "except_on": "",
    }


def _said(content: EventContent) -> Repetition:
    excluded = tuple(sorted({at.date() for at in content.excluded}))
    return repetition_of(content) or Repetition(excluded=excluded)


def _repetition(form: TimesForm) -> Repetition:
    excluded = _days(form.except_on)
    if form.repeats == "once":
        return Repetition(excluded=excluded)
    nth = form.repeats == "monthly_weekday"
    return Repetition(
        repeats=form.repeats,
        interval=form.interval,
        weekdays=form.weekdays if form.repeats == "weekly" else (),
        ordinal=int(form.ordinal) if nth and form.ordinal != "same" else None,
        weekday=form.weekday if nth and form.weekday != "same" else None,
        until=form.until if form.ends_how == "until" else None,
        count=form.count if form.ends_how == "count" else None,
        excluded=excluded,
    )


def _days(text: str) -> tuple[date, ...]:
    words = [word.strip() for word in re.split(r"[,;\n]", text) if word.strip()]
    if len(words) > MOST_EXCLUDED:
        raise Malformed(f"Bitte höchstens {MOST_EXCLUDED} Tage ausnehmen.", "except_on")
    try:
        return tuple(sorted({read_day([word]) for word in words}))
    except Wrong as wrong:
        raise Malformed(str(wrong), "except_on") from wrong
