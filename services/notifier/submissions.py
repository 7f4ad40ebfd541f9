"""What associations are told about the events they have submitted: nouns and rules, without I/O."""

from typing import Final, TypeAlias, get_args
from uuid import UUID

import msgspec

from services.notifier.model import Purpose, SubmissionPurpose
from shared.contracts.events import (
    EventSubmitted,
    SubmissionPublished,
    SubmissionRefused,
    SubmissionReturned,
)
from shared.contracts.events_reads import SubmissionDetails, SubmissionState

ReviewFact: TypeAlias = (
    EventSubmitted | SubmissionReturned | SubmissionRefused | SubmissionPublished
)
SUBMISSION: Final = frozenset(get_args(SubmissionPurpose))
"""Purposes that go to associations about their events, by mail only."""
_PURPOSES: Final[dict[type[ReviewFact], SubmissionPurpose]] = {
    EventSubmitted: "submission_receipt",
    SubmissionReturned: "submission_returned",
    SubmissionRefused: "submission_refused",
    SubmissionPublished: "submission_published",
}
TRUE_WHILE: Final[dict[Purpose, tuple[SubmissionState, ...]]] = {
    "submission_receipt": ("submitted",),
    "submission_returned": ("returned",),
    "submission_refused": ("refused",),
    "submission_published": ("published",),
}
"""States of the event in which a message still says what is so."""


class SubmissionDue(msgspec.Struct, frozen=True, kw_only=True):
    """A message that an association is to get, once."""

    purpose: SubmissionPurpose
    calendar_event_id: UUID
    calendar_event_version: int

    @property
    def dedupe_key(self) -> str:
        """Return what makes a second message of the same kind impossible."""
        return f"{self.purpose}:{self.calendar_event_id}:v{self.calendar_event_version}"


def submission_due(fact: ReviewFact) -> SubmissionDue:
    """Return the message that a fact asks for."""
    return SubmissionDue(
        purpose=_PURPOSES[type(fact)],
        calendar_event_id=fact.calendar_event_id,
        calendar_event_version=fact.version,
    )


def reason_to_withhold_submission(purpose: Purpose, told: SubmissionDetails) -> str:
    """Return why a message to an association cannot go out, as a code; empty if it can.

    Nobody may have noted an address; or the event was decided on otherwise before it was written.
    """
    if not told.email:
        return "no_contact"
    return "" if told.state in TRUE_WHILE[purpose] else "decided_otherwise"
