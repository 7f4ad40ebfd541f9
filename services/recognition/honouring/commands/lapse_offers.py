"""End the offers that were not taken in time, and offer their places to the next."""

import msgspec

from services.recognition.honouring.commands.offer_replacement import (
    OfferReplacement,
    offer_replacement,
)
from services.recognition.honouring.model import Places
from services.recognition.honouring.store import offers, places
from services.recognition.honouring.waitlist import summed
from shared import outbox
from shared.contracts.fact import Fact
from shared.contracts.recognition import PlaceReleased, ReplacementLapsed
from shared.database import Connection


class LapseOffers(msgspec.Struct, frozen=True, kw_only=True):
    """Work on one event; the timer asks again until there is nothing left to do."""


async def lapse_offers(transaction: Connection, _command: LapseOffers) -> int:
    """End the lapsed offers of one event and return how many there were; 0 if no event has any.

    Events that another worker or a guest is busy with are left for the next time.
    """
    event_id = await offers.event_with_lapsed_offers(transaction)
    if event_id is None:
        return 0
    lapsed = await offers.lapse(transaction, event_id)
    facts: list[Fact] = []
    for offer in lapsed:
        facts.append(
            ReplacementLapsed(
                invitation_id=offer.invitation_id,
                version=offer.version,
                honouring_event_id=event_id,
            )
        )
        facts.append(
            PlaceReleased(
                invitation_id=offer.invitation_id,
                version=offer.version,
                honouring_event_id=event_id,
                seats=offer.party.persons,
            )
        )
    await outbox.record(transaction, *facts)
    freed: Places = summed(offer.party.places(offer.category) for offer in lapsed)
    await places.take(transaction, event_id, -freed)
    await offer_replacement(transaction, OfferReplacement(honouring_event_id=event_id))
    return len(lapsed)
