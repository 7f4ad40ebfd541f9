"""What is to be told to whom (Benachrichtigung): nouns and rules, without any I/O."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID

import msgspec

from shared.contracts.recognition import (
    GuestDetails,
    GuestInvited,
    HonouringEventChanged,
    HonouringEventPlanned,
    HonouringEventRescheduled,
    InvitationAccepted,
    InvitationDeclined,
    InvitationState,
    InvitationWaitlisted,
    ReplacementLapsed,
    ReplacementOffered,
)

InvitationPurpose = Literal[
    "invitation",
    "reminder",
    "acceptance",
    "changed_acceptance",
    "decline",
    "waiting_list",
    "offer",
    "lapsed_offer",
    "rescheduled",
    "new_venue",
    "cancelled",
]
NominationPurpose = Literal[
    "nomination_request",
    "nomination_reminder",
    "nomination_change",
    "nomination_withdrawal",
]
CoursePurpose = Literal[
    "course_link",
    "course_place",
    "course_waiting_list",
    "course_offer",
    "course_lapsed_offer",
    "course_withdrawal",
    "course_moved",
    "course_cancelled",
    "course_confirmed",
    "course_proof",
    "course_refused",
]
SubmissionPurpose = Literal[
    "submission_receipt",
    "submission_returned",
    "submission_refused",
    "submission_published",
]
Purpose = Literal[InvitationPurpose, NominationPurpose, CoursePurpose, SubmissionPurpose]
MessageState = Literal[
    "queued",
    "claimed",
    "data_started",
    "accepted",
    "retry",
    "failed",
    "withheld",
    "cancelled",
    "in_batch",
    "posted",
]
InvitationFact: TypeAlias = (
    GuestInvited
    | InvitationAccepted
    | InvitationDeclined
    | InvitationWaitlisted
    | ReplacementOffered
    | ReplacementLapsed
)

BULK: Final = frozenset({"invitation", "reminder", "nomination_request", "nomination_reminder"})
"""Purposes that go to many at once: they wait for personal answers. People can opt out of them."""
ANSWERABLE: Final = frozenset(
    {"invitation", "reminder", "acceptance", "changed_acceptance", "decline", "waiting_list"}
    | {"offer", "lapsed_offer", "rescheduled", "new_venue"}
    | {"nomination_request", "nomination_reminder", "nomination_change"}
)
"""Purposes whose letters show the recipient's code."""
WITH_REPLY_SHEET: Final = frozenset({"invitation", "reminder"})
WITH_TICKETS: Final = frozenset({"acceptance", "changed_acceptance", "rescheduled", "new_venue"})
STILL_COMING: Final[tuple[InvitationState, ...]] = ("invited", "accepted", "waitlisted", "offered")
"""States of guests who are told when the event is moved or called off."""

REMINDER_BEFORE: Final = timedelta(days=7)
"""How long before the deadline a silent guest is reminded."""
REMINDER_PAUSE: Final = timedelta(days=3)
"""How long after the invitation at the earliest."""
REMINDER_LATEST: Final = timedelta(days=1)
"""How long before the deadline at the latest; later there is none."""


class KnownInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an invitation: enough to reach its guest when something changes."""

    invitation_id: UUID
    version: int
    honouring_event_id: UUID
    invitation_wave_id: UUID | None = None
    person_id: UUID | None = None
    """None until the invitation's own fact has come, or recognition was asked."""
    state: InvitationState


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A message that somebody is to get, once."""

    purpose: Purpose
    invitation_id: UUID
    invitation_version: int
    honouring_event_id: UUID
    person_id: UUID | None

    @property
    def dedupe_key(self) -> str:
        """Return what makes a second message of the same kind impossible."""
        return f"{self.purpose}:{self.invitation_id}:v{self.invitation_version}"

    @property
    def is_bulk(self) -> bool:
        """Tell whether it can wait for more personal messages."""
        return self.purpose in BULK


def follow(
    known: KnownInvitation | None, fact: InvitationFact
) -> tuple[KnownInvitation, Due] | None:
    """Return what is known after a fact and the message it asks for; None if the fact is stale."""
    if known is not None and fact.version <= known.version:
        return None
    state, purpose = _meaning(fact, was=known.state if known else None)
    after = KnownInvitation(
        invitation_id=fact.invitation_id,
        version=fact.version,
        honouring_event_id=fact.honouring_event_id,
        invitation_wave_id=known.invitation_wave_id if known else None,
        person_id=known.person_id if known else None,
        state=state,
    )
    if isinstance(fact, GuestInvited):
        after = msgspec.structs.replace(
            after, invitation_wave_id=fact.invitation_wave_id, person_id=fact.person_id
        )
    return after, Due(
        purpose=purpose,
        invitation_id=after.invitation_id,
        invitation_version=fact.version,
        honouring_event_id=after.honouring_event_id,
        person_id=after.person_id,
    )


def belated(fact: InvitationFact) -> Due:
    """Return the message that a stale fact would have asked for, had it been heard of in time."""
    _, purpose = _meaning(fact, was=None)
    return Due(
        purpose=purpose,
        invitation_id=fact.invitation_id,
        invitation_version=fact.version,
        honouring_event_id=fact.honouring_event_id,
        person_id=None,
    )


def venue_of(
    fact: HonouringEventPlanned | HonouringEventChanged | HonouringEventRescheduled,
) -> str:
    """Return name and address of the hall, as one text that can be compared."""
    return ", ".join(filter(None, [fact.venue_name, fact.venue_address]))


def reason_to_withhold(purpose: Purpose, guest: GuestDetails, now: datetime) -> str:
    """Return why a message is no longer true, as a code; empty if it still is.

    Between the fact and the moment at which a message is written, the guest may have answered, the
    offer may be over and the event may be called off.
    """
    if guest.is_cancelled != (purpose == "cancelled"):
        return "event_cancelled" if guest.is_cancelled else "overtaken"
    if guest.ends_at < now:
        return "event_over"
    if purpose in TRUE_WHILE and guest.state not in TRUE_WHILE[purpose]:
        return "overtaken"
    if purpose == "offer" and (guest.offered_until is None or guest.offered_until <= now):
        return "too_late"
    if purpose in BULK and guest.answer_by <= now:
        return "too_late"
    return ""


def reminder_due(purpose: Purpose, guest: GuestDetails, told_at: datetime) -> datetime | None:
    """Return when a guest who was invited at this instant is to be reminded; None if never."""
    due = max(guest.answer_by - REMINDER_BEFORE, told_at + REMINDER_PAUSE)
    if purpose != "invitation" or due >= guest.answer_by - REMINDER_LATEST:
        return None
    return due


TRUE_WHILE: Final[dict[str, tuple[InvitationState, ...]]] = {
    "invitation": ("invited",),
    "reminder": ("invited",),
    "acceptance": ("accepted",),
    "changed_acceptance": ("accepted",),
    "decline": ("declined",),
    "waiting_list": ("waitlisted",),
    "offer": ("offered",),
    "lapsed_offer": ("expired", "waitlisted"),
    "rescheduled": STILL_COMING,
    "new_venue": STILL_COMING,
}
"""States of the invitation in which a message still says what is so."""


def _meaning(fact: InvitationFact, was: InvitationState | None) -> tuple[InvitationState, Purpose]:
    match fact:
        case GuestInvited():
            return "invited", "invitation"
        case InvitationAccepted():
            return "accepted", "changed_acceptance" if was == "accepted" else "acceptance"
        case InvitationDeclined():
            return "declined", "decline"
        case InvitationWaitlisted():
            return "waitlisted", "waiting_list"
        case ReplacementOffered():
            return "offered", "offer"
        case ReplacementLapsed():
            return "expired", "lapsed_offer"
