"""Answers the reads by id that other services may ask of recognition."""

from collections.abc import Sequence
from uuid import UUID

from services.recognition.honouring.commands.give_links import GiveLinks, give_links
from services.recognition.honouring.tickets import TicketKeys
from shared.asks import Answering
from shared.contracts.recognition import GuestDetails, Guests
from shared.database import Pool, transaction


def answers(pool: Pool, keys: TicketKeys) -> list[Answering]:
    """Return what recognition answers, with tickets signed by the keys."""

    async def guests(ids: Sequence[UUID]) -> list[GuestDetails]:
        async with transaction(pool) as opened:
            return await give_links(opened, GiveLinks(invitation_ids=tuple(ids), keys=keys))

    return [Answering(Guests, guests)]
