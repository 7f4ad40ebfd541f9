"""How guests are found: quotas of associations and the people whom they propose."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.recognition.honouring.model import GuestCategory

ProposalState = Literal["proposed", "selected", "carried_over", "withdrawn", "refused"]
COUNTS_AGAINST_QUOTA: Final = ("proposed", "selected", "carried_over")
"""States of a proposal that use up a place of its association's quota."""

MOST_QUOTA: Final = 500
_SIZES: Final = ((5, 3), (10, 4), (20, 5), (40, 6))
_LARGEST: Final = 7
_SHOWN_AFTERWARDS: Final = timedelta(days=30)


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
    """When it was last sent a link for proposing."""


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
