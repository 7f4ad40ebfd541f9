"""What participants of courses are told: nouns and rules, without any I/O."""

from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args
from uuid import UUID

import msgspec

from services.notifier.model import CoursePurpose, Purpose
from shared.contracts.courses import CourseRegistrationDetails, CourseRegistrationState
from shared.contracts.events import (
    CourseOfferLapsed,
    CoursePlaceOffered,
    CourseProofAwaited,
    CourseRegistered,
    CourseRegistrationCancelled,
    CourseRegistrationRefused,
    CourseRegistrationRequested,
    CourseWaitingListLeft,
    CourseWaitlisted,
    ParticipantSubstituted,
)

RegistrationFact: TypeAlias = (
    CourseRegistrationRequested
    | CourseProofAwaited
    | CourseRegistrationRefused
    | CourseRegistered
    | CourseWaitlisted
    | CoursePlaceOffered
    | CourseOfferLapsed
    | CourseRegistrationCancelled
    | CourseWaitingListLeft
    | ParticipantSubstituted
)
COURSE: Final = frozenset(get_args(CoursePurpose))
"""Purposes that go to participants of courses, by mail only."""
KnownState = Literal["requested", "proof_pending", "registered", "waitlisted", "offered", "ended"]
Interested = Literal["proof_pending", "registered", "waitlisted", "offered"]
STILL_INTERESTED: Final[tuple[Interested, ...]] = (
    "proof_pending",
    "registered",
    "waitlisted",
    "offered",
)
"""States of those who are told when a run is moved or called off."""
TOLD_OF: Final[dict[CoursePurpose, tuple[KnownState, ...]]] = {
    "course_moved": STILL_INTERESTED,
    "course_cancelled": STILL_INTERESTED,
    "course_confirmed": ("registered",),
}
"""Who hears what happens to a run, by their states."""


class KnownRegistration(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a registration: enough to reach its participant when a run changes."""

    course_registration_id: UUID
    version: int
    course_run_id: UUID
    state: KnownState


class CourseDue(msgspec.Struct, frozen=True, kw_only=True):
    """A message that a participant is to get, once."""

    purpose: CoursePurpose
    course_registration_id: UUID
    course_run_id: UUID
    version: int
    """Of the registration, or of the run where the message is about that."""

    @property
    def dedupe_key(self) -> str:
        """Return what makes a second message of the same kind impossible."""
        return f"{self.purpose}:{self.course_registration_id}:v{self.version}"


def follow(
    known: KnownRegistration | None, fact: RegistrationFact
) -> tuple[KnownRegistration, CourseDue] | None:
    """Return what is known after a fact and the message it asks for; None if the fact is stale."""
    if known is not None and fact.version <= known.version:
        return None
    after = KnownRegistration(
        course_registration_id=fact.course_registration_id,
        version=fact.version,
        course_run_id=fact.course_run_id,
        state=_state(fact, was=known.state if known else "requested"),
    )
    return after, course_due(fact)


def course_due(fact: RegistrationFact) -> CourseDue:
    """Return the message that a fact asks for, if it is heard of in time."""
    if isinstance(fact, CourseRegistrationRequested):
        purpose: CoursePurpose = "course_link"
    else:
        _, purpose = _MEANING[type(fact)]
    return CourseDue(
        purpose=purpose,
        course_registration_id=fact.course_registration_id,
        course_run_id=fact.course_run_id,
        version=fact.version,
    )


def reason_to_withhold_course(
    purpose: Purpose, told: CourseRegistrationDetails, now: datetime
) -> str:
    """Return why a message is no longer true, as a code; empty if it still is.

    Between the fact and the moment at which a message is written, the participant may have decided
    otherwise, the offer may be over and the run may be called off. Only a link is always true: it
    is asked for after the run too.
    """
    if purpose == "course_link":
        return ""
    if told.is_cancelled != (purpose == "course_cancelled"):
        return "course_cancelled" if told.is_cancelled else "overtaken"
    if told.sessions[-1].ends_at < now:
        return "course_over"
    if purpose in TRUE_WHILE and told.state not in TRUE_WHILE[purpose]:
        return "overtaken"
    if purpose == "course_offer" and (told.offered_until is None or told.offered_until <= now):
        return "too_late"
    return ""


TRUE_WHILE: Final[dict[Purpose, tuple[CourseRegistrationState, ...]]] = {
    "course_place": ("registered",),
    "course_waiting_list": ("waitlisted",),
    "course_offer": ("offered",),
    "course_lapsed_offer": ("lapsed",),
    "course_withdrawal": ("cancelled_in_time", "cancelled_late", "left", "substituted"),
    "course_moved": STILL_INTERESTED,
    "course_cancelled": STILL_INTERESTED,
    "course_confirmed": ("registered",),
    "course_proof": ("proof_pending",),
    "course_refused": ("refused",),
}
"""States of the registration in which a message still says what is so."""


_MEANING: Final[dict[type[RegistrationFact], tuple[KnownState, CoursePurpose]]] = {
    CourseProofAwaited: ("proof_pending", "course_proof"),
    CourseRegistrationRefused: ("ended", "course_refused"),
    CourseRegistered: ("registered", "course_place"),
    CourseWaitlisted: ("waitlisted", "course_waiting_list"),
    CoursePlaceOffered: ("offered", "course_offer"),
    CourseOfferLapsed: ("ended", "course_lapsed_offer"),
    CourseRegistrationCancelled: ("ended", "course_withdrawal"),
    CourseWaitingListLeft: ("ended", "course_withdrawal"),
    ParticipantSubstituted: ("ended", "course_withdrawal"),
}
"""How a registration stands after a fact, and what its participant is told."""


def _state(fact: RegistrationFact, was: KnownState) -> KnownState:
    if isinstance(fact, CourseRegistrationRequested):
        return was
    state, _ = _MEANING[type(fact)]
    return state
