"""What events promises about courses: facts about runs and registrations, and reads by id."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Fact, Instant


class CourseRunOpened(Fact, frozen=True, kw_only=True):
    """A run of a course (Durchgang) is announced; one can register once its registration opens."""

    subject: ClassVar[str] = "facts.events.course_run_opened.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID
    course_id: UUID


class CourseRunConfirmed(Fact, frozen=True, kw_only=True):
    """A run is held: enough people take part, or staff have decided so."""

    subject: ClassVar[str] = "facts.events.course_run_confirmed.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class CourseRunRescheduled(Fact, frozen=True, kw_only=True):
    """A run has moved to another time or place; registrations and the waiting list stay."""

    subject: ClassVar[str] = "facts.events.course_run_rescheduled.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID
    previous_starts_at: Instant


class CourseRunCancelled(Fact, frozen=True, kw_only=True):
    """A run is not held; everybody who takes part or waits is told."""

    subject: ClassVar[str] = "facts.events.course_run_cancelled.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class CourseRunHeld(Fact, frozen=True, kw_only=True):
    """A run is over; its waiting list has ended with it."""

    subject: ClassVar[str] = "facts.events.course_run_held.v1"
    about: ClassVar[str] = "course_run_id"

    course_run_id: UUID


class _OfRegistration(Fact, frozen=True, kw_only=True):
    """Something has happened to one registration (Anmeldung) of a run."""

    about: ClassVar[str] = "course_registration_id"

    course_registration_id: UUID
    course_run_id: UUID


class CourseRegistrationRequested(_OfRegistration, frozen=True, kw_only=True):
    """Somebody wants to take part, or wants their link again; a link goes to their address.

    Nothing is decided by it and no place is held: it counts once the link is used.
    """

    subject: ClassVar[str] = "facts.events.course_registration_requested.v1"


class CourseRegistered(_OfRegistration, frozen=True, kw_only=True):
    """A registration is confirmed, or an offer taken, or a place taken over: it has a place."""

    subject: ClassVar[str] = "facts.events.course_registered.v1"


class CourseWaitlisted(_OfRegistration, frozen=True, kw_only=True):
    """A registration is confirmed and waits, for all places are taken (Warteliste)."""

    subject: ClassVar[str] = "facts.events.course_waitlisted.v1"


class CoursePlaceOffered(_OfRegistration, frozen=True, kw_only=True):
    """A place has become free and is held for who has waited longest (Nachrücken)."""

    subject: ClassVar[str] = "facts.events.course_place_offered.v1"

    offered_until: Instant


class CourseOfferLapsed(_OfRegistration, frozen=True, kw_only=True):
    """An offered place was not taken in time and goes to the next."""

    subject: ClassVar[str] = "facts.events.course_offer_lapsed.v1"


class CourseRegistrationCancelled(_OfRegistration, frozen=True, kw_only=True):
    """A participant withdraws (Abmeldung): in time or late."""

    subject: ClassVar[str] = "facts.events.course_registration_cancelled.v1"

    is_in_time: bool


class CourseWaitingListLeft(_OfRegistration, frozen=True, kw_only=True):
    """Somebody waits no longer, or has declined the place that was offered."""

    subject: ClassVar[str] = "facts.events.course_waiting_list_left.v1"


class ParticipantSubstituted(_OfRegistration, frozen=True, kw_only=True):
    """A participant has passed their place to somebody else (Ersatzperson)."""

    subject: ClassVar[str] = "facts.events.participant_substituted.v1"

    substitute_id: UUID
    """The registration that has the place now."""


class CourseAttendanceRecorded(_OfRegistration, frozen=True, kw_only=True):
    """Staff have noted whether a participant was there (Anwesenheit)."""

    subject: ClassVar[str] = "facts.events.course_attendance_recorded.v1"

    has_attended: bool


class CourseCertificateRequested(_OfRegistration, frozen=True, kw_only=True):
    """Somebody who has attended asks for a certificate (Teilnahmebescheinigung)."""

    subject: ClassVar[str] = "facts.events.course_certificate_requested.v1"


CourseRegistrationState = Literal[
    "requested",
    "registered",
    "waitlisted",
    "offered",
    "left",
    "lapsed",
    "unserved",
    "cancelled_in_time",
    "cancelled_late",
    "substituted",
    "attended",
    "absent",
]


class CourseSession(msgspec.Struct, frozen=True):
    """One of the times that the participants of a run meet."""

    starts_at: Instant
    ends_at: Instant


class CourseRegistrationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A registration with all that is written to its participant."""

    course_registration_id: UUID
    version: int
    state: CourseRegistrationState
    name: str
    email: str
    """Empty, as the name is, once it was erased."""
    is_substitute: bool
    """The place was taken over from somebody else."""
    offered_until: Instant | None
    course_run_id: UUID
    title: str
    sessions: list[CourseSession]
    """In their order, at least one."""
    zone: str
    place: str
    price: str
    is_cancelled: bool
    """The run is not held."""
    previous_starts_at: Instant | None
    """When the run was to begin before it was moved, if it was."""
    withdraws_in_time_until: Instant
    confirm_until: Instant | None
    """When an unconfirmed registration is deleted; None if it is confirmed."""
    link_token: str
    """A fresh secret for the participant's page, `/k/<token>`."""


class CourseRegistrations(Ask[CourseRegistrationDetails], frozen=True, kw_only=True):
    """Ask events for registrations by id; each answer brings a fresh link."""

    subject: ClassVar[str] = "ask.events.course_registrations.v1"
    answer: ClassVar[type[msgspec.Struct]] = CourseRegistrationDetails
