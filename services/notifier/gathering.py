"""Asks recognition and registry for what messages say, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.notifier.model import BULK, Purpose
from services.notifier.occasion import Occasion
from services.notifier.opt_out_links import PATH, opt_out_token
from services.notifier.settings import Settings
from shared.asks import Asks
from shared.contracts.recognition import GuestDetails, Guests
from shared.contracts.registry import People, PersonDetails

GUESTS_AT_ONCE: Final = 100
"""An answer with programme, tickets and links of more guests would not fit into one message."""


class Now(msgspec.Struct, frozen=True):
    """The moment of writing, and what is known then besides the guest."""

    at: datetime
    previous_starts_at: datetime | None = None
    """When the event was to start before it was moved, if it was."""


class Gathered(msgspec.Struct, frozen=True):
    """What is known right now of some guests, by the ids of invitations and people."""

    guests: Mapping[UUID, GuestDetails]
    people: Mapping[UUID, PersonDetails]

    def guest(self, invitation_id: UUID | None) -> GuestDetails | None:
        """Return a guest, None if recognition does not know the invitation (any more)."""
        return None if invitation_id is None else self.guests.get(invitation_id)

    def person_for(self, guest: GuestDetails) -> PersonDetails | None:
        """Return the guest's person, None if registry does not know it any more."""
        return self.people.get(guest.person_id)


async def gather(asks: Asks, invitation_ids: Sequence[UUID]) -> Gathered:
    """Return the invitations, with fresh links and codes, and the people they belong to.

    Raises:
        AskFailed: recognition or registry does not answer at present.
    """
    found = [
        guest
        for start in range(0, len(invitation_ids), GUESTS_AT_ONCE)
        for guest in await asks(Guests, invitation_ids[start : start + GUESTS_AT_ONCE])
    ]
    guests = {guest.invitation_id: guest for guest in found}
    return Gathered(guests, await people(asks, (guest.person_id for guest in guests.values())))


async def people(asks: Asks, person_ids: Iterable[UUID]) -> dict[UUID, PersonDetails]:
    """Return the people with these ids; unknown ones are left out.

    Raises:
        AskFailed: registry does not answer at present.
    """
    return {person.person_id: person for person in await asks(People, person_ids)}


def occasion(
    settings: Settings, purpose: Purpose, guest: GuestDetails, person: PersonDetails, now: Now
) -> Occasion:
    """Return what a message to this guest can say."""
    opt_out_url = ""
    if purpose in BULK:
        token = opt_out_token(settings.opt_out_key, person.person_id)
        opt_out_url = f"{settings.public_url}{PATH}/{token}"
    return Occasion(
        guest=guest,
        person=person,
        sender=settings.sender,
        public_url=settings.public_url,
        written_at=now.at,
        previous_starts_at=now.previous_starts_at,
        opt_out_url=opt_out_url,
    )
