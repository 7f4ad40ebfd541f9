"""What a course, a run of it and a registration are, and what their dates allow."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

import msgspec

from services.events.content import DEFAULT_ZONE
from shared.contracts.courses import CourseRegistrationState
from shared.ical.timezone import instant

RunState = Literal["planned", "open", "confirmed", "cancelled", "held"]
RegistrationState = CourseRegistrationState
Title: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
Line: TypeAlias = Annotated[str, msgspec.Meta(max_length=300)]
Prose: TypeAlias = Annotated[str, msgspec.Meta(max_length=3_500)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=1_000)]

IN_QUEUE: Final[frozenset[RegistrationState]] = frozenset({"waitlisted", "offered"})
TAKES_PART: Final[frozenset[RegistrationState]] = frozenset({"registered", "attended", "absent"})
GAVE_UP: Final[frozenset[RegistrationState]] = frozenset(
    {"left", "lapsed", "cancelled_in_time", "cancelled_late"}
)
"""States of people who may still change their minds, at the end of the line."""


class CourseTexts(msgspec.Struct, frozen=True, kw_only=True):
    """What a course says about itself, whenever it is held."""

    title: Title
    description: Prose = ""
    prerequisites: Prose = ""
    """What people should know or bring; may be empty."""
    organiser: Line = ""
    price: Line = ""
    """In words, such as `kostenlos für Engagierte`; nothing is charged here."""
    needs_proof: bool = False
    """Whoever takes part shows that they volunteer (Nachweis)."""


class Course(CourseTexts, frozen=True, kw_only=True):
    """What can be learnt (Kurs, Qualifizierungsangebot); it is held in runs."""

    course_id: UUID
    version: int


class RunTimes(msgspec.Struct, frozen=True, kw_only=True):
    """When a run is held: on each of these days between the same hours of `zone`."""

    held_on: list[date]
    """In their order, each once, at least one."""
    starts_at: time
    ends_at: time
    zone: str = DEFAULT_ZONE

    @property
    def sessions(self) -> list[tuple[datetime, datetime]]:
        """Return beginning and end of each day's session, on the clock of `zone` (naive)."""
        return [
            (datetime.combine(day, self.starts_at), datetime.combine(day, self.ends_at))
            for day in self.held_on
        ]

    @property
    def first_starts_at(self) -> datetime:
        """Return the instant at which the run begins."""
        return instant(self.sessions[0][0], self.zone)

    @property
    def last_ends_at(self) -> datetime:
        """Return the instant at which the run ends."""
        return instant(self.sessions[-1][1], self.zone)


class RunPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run is held."""

    place_name: Line
    place_address: Line = ""


class RunTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Who can take part, and until when one has to decide."""

    minimum: Number
    """With fewer participants staff decide whether it is held (Mindestteilnehmerzahl)."""
    maximum: Number
    opens_at: datetime
    closes_at: datetime
    """The end of registration; not after the beginning of the run."""
    withdrawal_days: Annotated[int, msgspec.Meta(ge=0, le=60)] = 7
    """Until the end of the day so many days before the first one withdraws in time."""
    offer_hours: Annotated[int, msgspec.Meta(ge=1, le=336)] = 48
    """How long a place that has become free is held for the next in line."""


class CourseRun(msgspec.Struct, frozen=True, kw_only=True):
    """One time that a course is held (Durchgang)."""

    course_run_id: UUID
    course_id: UUID
    version: int
    state: RunState
    held_on: list[date]
    starts_at: time
    ends_at: time
    zone: str
    place_name: str
    place_address: str
    minimum: int
    opens_at: datetime
    closes_at: datetime
    withdrawal_days: int
    offer_hours: int
    previous_starts_at: datetime | None
    """When it was to begin before it was moved the last time."""
    calendar_event_id: UUID | None

    @property
    def times(self) -> RunTimes:
        """Return when it is held."""
        return RunTimes(
            held_on=self.held_on, starts_at=self.starts_at, ends_at=self.ends_at, zone=self.zone
        )

    @property
    def place(self) -> RunPlace:
        """Return where it is held."""
        return RunPlace(place_name=self.place_name, place_address=self.place_address)

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may see it."""
        return self.state != "planned"

    @property
    def is_live(self) -> bool:
        """Tell whether it is announced and neither over nor cancelled."""
        return self.state in {"open", "confirmed"}


class Balance(msgspec.Struct, frozen=True):
    """How many places a run has, and how many are registered or offered (Platzstand)."""

    maximum: int
    taken: int

    @property
    def left(self) -> int:
        """Return how many places nobody holds."""
        return self.maximum - self.taken


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who takes part in a run, wants to, or did (Anmeldung)."""

    course_registration_id: UUID
    course_run_id: UUID
    version: int
    state: RegistrationState
    name: str
    """Empty once it is erased."""
    email: str | None
    """None: there is none, and staff telephone; or it is erased."""
    phone: str
    linked_at: datetime
    """When a link was asked for last."""
    confirmed_at: datetime | None
    waits_since: datetime | None
    offered_until: datetime | None
    substitutes_id: UUID | None
    """The registration that this one has taken the place of."""
    certificate_requested_at: datetime | None
    proof_seen_at: datetime | None
    refusal: str
    """Why the proof was not taken."""


def takes_registrations(run: CourseRun, now: datetime) -> bool:
    """Tell whether one can register now."""
    return run.is_live and run.opens_at <= now < run.closes_at


def withdraws_in_time_until(times: RunTimes, withdrawal_days: int) -> datetime:
    """Return the instant until which one withdraws in time: the end of a day."""
    day_after = times.held_on[0] - timedelta(days=withdrawal_days - 1)
    end_of_day = instant(datetime.combine(day_after, time.min), times.zone)
    return min(end_of_day, times.first_starts_at)


def cancelled_at(run: CourseRun, now: datetime) -> RegistrationState:
    """Return what a cancellation at this moment is: in time, or late."""
    until = withdraws_in_time_until(run.times, run.withdrawal_days)
    return "cancelled_in_time" if now < until else "cancelled_late"


def offered_until(run: CourseRun, now: datetime) -> datetime | None:
    """Return how long an offer made now is held; None once the run has begun or is off."""
    begins = run.times.first_starts_at
    if not run.is_live or now >= begins:
        return None
    return min(now + timedelta(hours=run.offer_hours), begins)
