"""What events answers about registrations for courses; its facts stand in `events`."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Instant

CourseRegistrationState = Literal[
    "requested",
    "proof_pending",
    "refused",
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
    """Empty where there is none: staff telephone then. Who was erased is not answered at all."""
    is_substitute: bool
    """The place was taken over from somebody else."""
    refusal: str = ""
    """Why staff did not take the proof of engagement."""
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


class CourseParticipantDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Whose registration it is, for staff who look after courses."""

    course_registration_id: UUID
    name: str


class CourseParticipants(Ask[CourseParticipantDetails], frozen=True, kw_only=True):
    """Ask events who has registered; neither the erased are answered nor the unconfirmed."""

    subject: ClassVar[str] = "ask.events.course_participants.v1"
    answer: ClassVar[type[msgspec.Struct]] = CourseParticipantDetails


class CourseRunDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a course, as everybody may see it."""

    course_run_id: UUID
    title: str
    """Of its course."""
    starts_at: Instant
    zone: str


class CourseRuns(Ask[CourseRunDetails], frozen=True, kw_only=True):
    """Ask events for public runs of courses by id."""

    subject: ClassVar[str] = "ask.events.course_runs.v1"
    answer: ClassVar[type[msgspec.Struct]] = CourseRunDetails
