"""Says what a sound plan of an honouring event is, and what its phases allow."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Final
from zoneinfo import available_timezones

import msgspec

from services.recognition.honouring.model import HonouringEvent, Phase, Places, instant
from shared.errors import Malformed, Refused

MOST_PLACES: Final = 20_000
Line = Annotated[str, msgspec.Meta(max_length=200)]
Prose = Annotated[str, msgspec.Meta(max_length=4_000)]
LAST_YEAR = 2199
"""Of a concert; the end of all days is an instant in no zone west of Greenwich."""
WallClock = Annotated[datetime, msgspec.Meta(tz=False)]
"""What the hall's clock shows; a time with an offset does not decode."""
Number = Annotated[int, msgspec.Meta(ge=0, le=MOST_PLACES)]


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """What is on and where: what everybody may read in the calendar."""

    title: Line
    programme: Prose
    venue_name: Line
    venue_address: Line


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When it is, by the clock of the hall's zone."""

    starts_at: WallClock
    ends_at: WallClock
    doors_open_at: WallClock
    zone: str = "Europe/Berlin"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised to associations and guests, and when the doors begin to admit them."""

    nominate_by_on: date
    answer_by_on: date
    offer_hours: Annotated[int, msgspec.Meta(ge=1, le=336)] = 48
    most_seats: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    admission_hours: Annotated[int, msgspec.Meta(ge=1, le=24)] = 3


class Capacities(msgspec.Struct, frozen=True, kw_only=True):
    """How many people fit, by group of guests and by kind of place."""

    volunteer: Number
    protocol: Number
    standard: Number
    wheelchair: Number
    companion: Number

    @property
    def as_places(self) -> Places:
        """Return the same numbers as places."""
        return Places(**msgspec.structs.asdict(self))


Problems = dict[str, str]
"""A German sentence for each field that is wrong; empty means sound."""


class PlanUnsound(Malformed):
    """The plan contradicts itself; the sentence is about the first field that is wrong."""

    def __init__(self, problems: Problems) -> None:
        field, sentence = next(iter(problems.items()))
        super().__init__(sentence, field)
        self.problems = problems


class PhaseForbids(Refused):
    """What was asked for is not possible at this stage of the event."""


class EventIsOver(PhaseForbids):
    """Nothing about a cancelled or past honouring event can be changed."""

    def __init__(self) -> None:
        super().__init__(
            "Das Konzert ist abgesagt oder vorbei und kann nicht mehr geändert werden."
        )


class ChangedMeanwhile(Refused):
    """Somebody else has changed the event since the form was opened."""

    def __init__(self) -> None:
        super().__init__(
            "Das Konzert wurde inzwischen von jemand anderem geändert."
            " Bitte laden Sie die Seite neu und tragen Sie Ihre Änderung noch einmal ein."
        )


def check_programme(programme: Programme) -> Problems:
    """Tell what is missing from the public description."""
    problems = {}
    if not programme.title.strip():
        problems["title"] = "Bitte geben Sie dem Konzert einen Titel."
    if not programme.venue_name.strip():
        problems["venue_name"] = "Bitte nennen Sie den Saal."
    return problems


def check_schedule(schedule: Schedule, now: datetime) -> Problems:
    """Tell which times contradict each other or lie in the past."""
    problems = {}
    if schedule.zone not in _zones():
        problems["zone"] = "Diese Zeitzone gibt es nicht."
    elif instant(schedule.starts_at, schedule.zone) <= now:
        problems["starts_at"] = "Der Beginn muss in der Zukunft liegen."
    elif schedule.starts_at.year > LAST_YEAR:
        problems["starts_at"] = f"Der Beginn darf nicht nach dem Jahr {LAST_YEAR} liegen."
    if schedule.ends_at <= schedule.starts_at:
        problems["ends_at"] = "Das Ende muss nach dem Beginn liegen."
    elif schedule.ends_at - schedule.starts_at > timedelta(hours=12):
        problems["ends_at"] = "Das Konzert darf höchstens zwölf Stunden dauern."
    if schedule.doors_open_at > schedule.starts_at:
        problems["doors_open_at"] = "Der Einlass muss vor dem Beginn liegen."
    elif schedule.starts_at - schedule.doors_open_at > timedelta(hours=6):
        problems["doors_open_at"] = (
            "Der Einlass darf höchstens sechs Stunden vor dem Beginn liegen."
        )
    return problems


def check_deadlines(nominate_by_on: date, answer_by_on: date, starts_at: datetime) -> Problems:
    """Tell which deadlines come in the wrong order; `starts_at` is the hall's clock."""
    problems = {}
    if answer_by_on >= starts_at.date():
        problems["answer_by_on"] = "Die Antwortfrist muss vor dem Tag des Konzerts enden."
    if nominate_by_on >= answer_by_on:
        problems["nominate_by_on"] = "Die Vorschlagsfrist muss vor der Antwortfrist enden."
    return problems


def check_capacities(capacities: Capacities) -> Problems:
    """Tell whether the groups of guests fit into the hall."""
    guests = capacities.volunteer + capacities.protocol
    hall = capacities.standard + capacities.wheelchair + capacities.companion
    if guests == 0:
        return {"volunteer": "Bitte planen Sie Plätze für Gäste ein."}
    if guests > hall:
        return {
            "volunteer": f"Für {guests} Gäste reichen die {hall} Plätze des Saals nicht.",
        }
    return {}


def same_schedule(event: HonouringEvent, schedule: Schedule) -> bool:
    """Tell whether a schedule is the one that the event has."""
    return schedule == Schedule(
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        doors_open_at=event.doors_open_at,
        zone=event.zone,
    )


def demand_sound(*problems: Problems) -> None:
    """Demand that nothing is wrong.

    Raises:
        PlanUnsound: something is; holds a sentence for each field.
    """
    found = {field: sentence for part in problems for field, sentence in part.items()}
    if found:
        raise PlanUnsound(found)


def demand(honouring_event: HonouringEvent, *phases: Phase, sentence: str) -> None:
    """Demand that the event is in one of these phases.

    Raises:
        EventIsOver: it is cancelled or past.
        PhaseForbids: it is in another phase; says the sentence.
    """
    if honouring_event.phase in phases:
        return
    if honouring_event.is_over:
        raise EventIsOver
    raise PhaseForbids(sentence)


def demand_proposing(event: HonouringEvent) -> None:
    """Refuse what the foundation does to proposals once nobody can be invited any more.

    Raises:
        EventIsOver: it is cancelled or past.
    """
    demand(
        event,
        "draft",
        "nomination_open",
        "nomination_closed",
        "guests_selected",
        "inviting",
        sentence="Zurzeit werden keine Vorschläge angenommen.",
    )


def demand_over(honouring_event: HonouringEvent, now: datetime) -> None:
    """Demand that the event has taken place and can be concluded.

    Raises:
        EventIsOver: it is cancelled or concluded already.
        PhaseForbids: nobody was invited, or it is not over by the clock.
    """
    demand(
        honouring_event,
        "inviting",
        sentence="Zu diesem Konzert wurde noch niemand eingeladen.",
    )
    if now < honouring_event.ends:
        raise PhaseForbids("Das Konzert ist noch nicht vorbei.")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
