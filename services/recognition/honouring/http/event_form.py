"""Reads the forms about an honouring event and turns them into commands."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.balance import PlaceBalance
from services.recognition.honouring.commands.change_honouring_event import ChangeHonouringEvent
from services.recognition.honouring.commands.plan_honouring_event import PlanHonouringEvent
from services.recognition.honouring.commands.reschedule_honouring_event import (
    RescheduleHonouringEvent,
)
from services.recognition.honouring.model import HonouringEvent
from services.recognition.honouring.planning import (
    Capacities,
    Line,
    Number,
    Programme,
    Prose,
    Schedule,
    Terms,
)

OfferHours = Annotated[int, msgspec.Meta(ge=1, le=336)]
AdmissionHours = Annotated[int, msgspec.Meta(ge=1, le=24)]


class PlaceForm(msgspec.Struct, kw_only=True):
    """Where it is."""

    venue_name: Line
    venue_address: Line = ""


class TermsForm(PlaceForm, kw_only=True):
    """What is promised, and how many people fit."""

    title: Line
    programme: Prose = ""
    nominate_by_on: date
    answer_by_on: date
    offer_hours: OfferHours = 48
    most_seats: Literal[1, 2] = 1
    admission_hours: AdmissionHours = 3
    volunteer: Number
    protocol: Number = 0
    standard: Number
    wheelchair: Number = 0
    companion: Number = 0

    @property
    def terms(self) -> Terms:
        """Return the deadlines, the size of parties, and when the doors begin to admit."""
        return Terms(
            nominate_by_on=self.nominate_by_on,
            answer_by_on=self.answer_by_on,
            offer_hours=self.offer_hours,
            most_seats=self.most_seats,
            admission_hours=self.admission_hours,
        )

    @property
    def capacities(self) -> Capacities:
        """Return how many people fit."""
        return Capacities(
            volunteer=self.volunteer,
            protocol=self.protocol,
            standard=self.standard,
            wheelchair=self.wheelchair,
            companion=self.companion,
        )


class PlanForm(TermsForm, kw_only=True):
    """The form for a new honouring event."""

    held_on: date
    doors_open_at: time
    starts_at: time
    ends_at: time
    """Before the start means after midnight."""

    def command(self) -> PlanHonouringEvent:
        """Return what the form asks for."""
        return PlanHonouringEvent(
            programme=_programme(self, self.title, self.programme),
            schedule=_schedule(self),
            terms=self.terms,
            capacities=self.capacities,
        )


class ChangeForm(TermsForm, kw_only=True):
    """The form for everything but the time."""

    version: int

    def command(self, honouring_event_id: UUID) -> ChangeHonouringEvent:
        """Return what the form asks for."""
        return ChangeHonouringEvent(
            honouring_event_id=honouring_event_id,
            version=self.version,
            programme=_programme(self, self.title, self.programme),
            terms=self.terms,
            capacities=self.capacities,
        )


class RescheduleForm(PlaceForm, kw_only=True):
    """The form for another time, and perhaps another hall."""

    version: int
    held_on: date
    doors_open_at: time
    starts_at: time
    ends_at: time
    """Before the start means after midnight."""
    answer_by_on: date
    is_confirmed: bool = False

    def command(self, event: HonouringEvent) -> RescheduleHonouringEvent:
        """Return what the form asks for; title and programme stay."""
        return RescheduleHonouringEvent(
            honouring_event_id=event.honouring_event_id,
            version=self.version,
            programme=_programme(self, event.title, event.programme),
            schedule=_schedule(self),
            answer_by_on=self.answer_by_on,
        )


def filled(event: HonouringEvent, balance: PlaceBalance | None = None) -> dict[str, object]:
    """Return what the forms show about an event, by field."""
    fields: dict[str, object] = msgspec.structs.asdict(event)
    fields |= {
        "held_on": event.starts_at.date(),
        "starts_at": event.starts_at.time(),
        "ends_at": event.ends_at.time(),
        "doors_open_at": event.doors_open_at.time(),
    }
    return fields | (msgspec.structs.asdict(balance.capacity) if balance else {})


def _programme(form: PlaceForm, title: str, programme: str) -> Programme:
    return Programme(
        title=title,
        programme=programme,
        venue_name=form.venue_name,
        venue_address=form.venue_address,
    )


def _schedule(form: PlanForm | RescheduleForm) -> Schedule:
    starts_at = datetime.combine(form.held_on, form.starts_at)
    ends_at = datetime.combine(form.held_on, form.ends_at)
    if ends_at <= starts_at:
        ends_at += timedelta(days=1)
    return Schedule(
        starts_at=starts_at,
        ends_at=ends_at,
        doors_open_at=datetime.combine(form.held_on, form.doors_open_at),
    )
