"""How guests are found: quotas of associations and the people whom they propose."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory

ProposalState = Literal["proposed", "selected", "carried_over", "withdrawn", "refused"]
Channel = Literal["mail", "letter"]
COUNTS_AGAINST_QUOTA: Final = ("proposed", "selected", "carried_over")
"""States of a proposal that use up a place of its association's quota."""

MOST_QUOTA: Final = 500
_SIZES: Final = ((5, 3), (10, 4), (20, 5), (40, 6))
_LARGEST: Final = 7
_SHOWN_AFTERWARDS: Final = timedelta(days=30)
REMINDER_BEFORE: Final = timedelta(days=7)
"""How long before the deadline an association is reminded that has proposed nobody."""
REMINDER_PAUSE: Final = timedelta(days=3)
"""How long after the request at the earliest."""
REMINDER_LATEST: Final = timedelta(days=1)
"""How long before the deadline at the latest; later there is none."""


class OrganisationQuota(msgspec.Struct, frozen=True, kw_only=True):
    """How many guests one association may propose (Kontingent)."""

    organisation_id: UUID
    name: str
    district: str
    email: str | None
    engaged: int
    """People who volunteer in it, as far as registry knows."""
    places: int | None
    """None: no quota has been set for it."""
    proposed: int
    invited_at: datetime | None
    """When a link was last shown on the console, to be printed."""
    has_address: bool = True
    """Registry knows street and town, so that a letter arrives."""
    channel: Channel | None = None
    """How it was asked; None: it has not been asked."""
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    is_written_today: bool = False
    """Was asked or reminded today, by the clock of the hall's zone."""
    opened_at: datetime | None = None
    """When its page for proposing was first shown."""

    @property
    def way(self) -> Channel | None:
        """Return how it would be written to now; None: there is no way."""
        if self.email:
            return "mail"
        return "letter" if self.has_address else None

    @property
    def awaits_request(self) -> bool:
        """Tell whether it has a quota and nobody has asked it for proposals."""
        return bool(self.places) and self.asked_at is None

    @property
    def awaits_reminder(self) -> bool:
        """Tell whether it was asked, has proposed nobody and was not written to today."""
        return (
            bool(self.places)
            and self.asked_at is not None
            and self.proposed == 0
            and not self.is_written_today
        )


class NominationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """That one association is asked for proposals for one event (Bitte um Vorschläge)."""

    nomination_request_id: UUID
    version: int
    honouring_event_id: UUID
    organisation_id: UUID
    asked_at: datetime

    @property
    def told(self) -> dict[str, Any]:
        """Return what facts tell about it, by field."""
        return {
            "nomination_request_id": self.nomination_request_id,
            "version": self.version,
            "honouring_event_id": self.honouring_event_id,
            "organisation_id": self.organisation_id,
        }


class GuestProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A person whom an association or the foundation wants to be invited (Gästevorschlag)."""

    guest_proposal_id: UUID
    honouring_event_id: UUID
    organisation_id: UUID | None
    organisation_name: str
    """Empty where the foundation itself proposes."""
    person_id: UUID
    given_name: str
    family_name: str
    category: GuestCategory
    state: ProposalState
    proposed_at: datetime


class AssociationPass(msgspec.Struct, frozen=True, kw_only=True):
    """What an association's link opens: its own quota for one honouring event."""

    honouring_event_id: UUID
    organisation_id: UUID
    organisation_name: str
    places: int


class EngagedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be proposed, and whether that has happened."""

    person_id: UUID
    given_name: str
    family_name: str
    state: ProposalState | None
    """None: nobody has proposed the person for this event."""
    is_ours: bool
    """The proposal is of the association that asks."""


def usual_places(engaged: int) -> int:
    """Return the quota that an association gets by rule: 3 to 7 guests by its size."""
    return next((places for most, places in _SIZES if engaged <= most), _LARGEST)


def association_links_end_at(nominate_by: datetime) -> datetime:
    """Return when links for proposing stop working: they show the result for a while longer."""
    return nominate_by + _SHOWN_AFTERWARDS


def reminder_due(asked_at: datetime, nominate_by: datetime) -> datetime | None:
    """Return when an association that was asked at this instant is reminded; None if never."""
    due = max(nominate_by - REMINDER_BEFORE, asked_at + REMINDER_PAUSE)
    return due if due < nominate_by - REMINDER_LATEST else None
