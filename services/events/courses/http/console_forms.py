"""Reads the forms about courses and runs and turns them into commands."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import inspect

from services.events.content import DEFAULT_ZONE
from services.events.courses import labels
from services.events.courses.commands.change_run import ChangeRun
from services.events.courses.commands.move_run import MoveRun
from services.events.courses.commands.plan_run import PlanRun
from services.events.courses.model import (
    Balance,
    CourseRun,
    CourseTexts,
    Line,
    Number,
    Prose,
    RunPlace,
    RunTerms,
    RunTimes,
    Title,
)
from services.events.courses.planning import MOST_DAYS
from shared.errors import Malformed
from shared.ical.timezone import instant, wall_clock
from shared.web.fields import Wrong, read_field

Days = Annotated[str, msgspec.Meta(max_length=2_000)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=336)]
DaysBefore = Annotated[int, msgspec.Meta(ge=0, le=60)]


class CourseForm(msgspec.Struct, kw_only=True):
    """What a course says about itself."""

    version: int = 0
    title: Title
    description: Prose = ""
    prerequisites: Prose = ""
    organiser: Line = ""
    price: Line = ""
    needs_proof: bool = False

    @property
    def texts(self) -> CourseTexts:
        """Return the texts."""
        return CourseTexts(
            title=self.title,
            description=self.description,
            prerequisites=self.prerequisites,
            organiser=self.organiser,
            price=self.price,
            needs_proof=self.needs_proof,
        )


class MoveForm(msgspec.Struct, kw_only=True):
    """When and where a run is held."""

    version: int = 0
    held_on: Days
    """One day in a line."""
    starts_at: time
    ends_at: time
    place_name: Line
    place_address: Line = ""
    closes_on: date
    closes_at: time = time(18)
    is_confirmed: bool = False

    def __post_init__(self) -> None:
        """Refuse days that cannot be read."""
        read_days(self.held_on)

    @property
    def times(self) -> RunTimes:
        """Return when it is held."""
        return RunTimes(
            held_on=read_days(self.held_on), starts_at=self.starts_at, ends_at=self.ends_at
        )

    @property
    def place(self) -> RunPlace:
        """Return where it is held."""
        return RunPlace(place_name=self.place_name, place_address=self.place_address)

    def command(self, course_run_id: UUID, by: str) -> MoveRun:
        """Return what the form asks for."""
        return MoveRun(
            course_run_id=course_run_id,
            version=self.version,
            times=self.times,
            place=self.place,
            closes_at=_instant(self.closes_on, self.closes_at),
            by=by,
        )


class TermsForm(msgspec.Struct, kw_only=True):
    """Who can take part in a run, and until when one has to decide."""

    version: int = 0
    minimum: Number
    maximum: Number
    opens_on: date
    opens_at: time = time(8)
    closes_on: date
    closes_at: time = time(18)
    withdrawal_days: DaysBefore = 7
    offer_hours: Hours = 48

    def command(self, course_run_id: UUID) -> ChangeRun:
        """Return what the form asks for."""
        return ChangeRun(course_run_id=course_run_id, version=self.version, terms=terms_of(self))


class RunForm(MoveForm, kw_only=True):
    """A whole run."""

    minimum: Number
    maximum: Number
    opens_on: date
    opens_at: time = time(8)
    withdrawal_days: DaysBefore = 7
    offer_hours: Hours = 48

    def plan(self, course_id: UUID) -> PlanRun:
        """Return what the form asks for."""
        return PlanRun(
            course_id=course_id, times=self.times, place=self.place, terms=terms_of(self)
        )


def terms_of(form: TermsForm | RunForm) -> RunTerms:
    """Return the terms that a form means."""
    return RunTerms(
        minimum=form.minimum,
        maximum=form.maximum,
        opens_at=_instant(form.opens_on, form.opens_at),
        closes_at=_instant(form.closes_on, form.closes_at),
        withdrawal_days=form.withdrawal_days,
        offer_hours=form.offer_hours,
    )


def read_days(typed: str) -> list[date]:
    """Return the days, one in a line.

    Raises:
        Malformed: names the line that is no day.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_DAYS:
        raise Malformed(f"Bitte höchstens {MOST_DAYS} Tage angeben.", "held_on")
    days = []
    for line in lines:
        try:
            days.append(read_field(inspect.DateType(), [line]))
        except Wrong as wrong:
            raise Malformed(f"„{line[:30]}“: {wrong}", "held_on") from None
    return days


def filled(run: CourseRun, balance: Balance) -> dict[str, Any]:
    """Return what the forms show about a run, by field."""
    opens, closes = wall_clock(run.opens_at, run.zone), wall_clock(run.closes_at, run.zone)
    return {
        "version": run.version,
        "held_on": labels.days(run.held_on),
        "starts_at": run.starts_at,
        "ends_at": run.ends_at,
        "place_name": run.place_name,
        "place_address": run.place_address,
        "minimum": run.minimum,
        "maximum": balance.maximum,
        "opens_on": opens.date(),
        "opens_at": opens.time(),
        "closes_on": closes.date(),
        "closes_at": closes.time(),
        "withdrawal_days": run.withdrawal_days,
        "offer_hours": run.offer_hours,
    }


def copied(run: CourseRun, balance: Balance) -> dict[str, Any]:
    """Return the same for a new run like this one: hours, place and terms, and no day."""
    days = {"held_on": "", "opens_on": None, "closes_on": None}
    return {**filled(run, balance), **days, "version": 0}


def _instant(day: date, at: time) -> datetime:
    return instant(datetime.combine(day, at), DEFAULT_ZONE)
