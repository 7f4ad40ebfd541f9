"""Answers the reads by id that other services may ask of recognition."""

from collections.abc import Sequence
from uuid import UUID

from services.recognition.honouring.commands.give_links import GiveLinks, give_links
from services.recognition.honouring.commands.give_nomination_links import (
    GiveNominationLinks,
    give_nomination_links,
)
from services.recognition.honouring.tickets import TicketKeys
from shared.answering import Answering
from shared.contracts.recognition import GuestDetails, Guests
from shared.contracts.recognition_reads import NominationDetails, Nominations
from shared.database import Pool, transaction


def answers(pool: Pool, keys: TicketKeys) -> list[Answering]:
    """Return what recognition answers, with tickets signed by the keys."""

    async def guests(ids: Sequence[UUID]) -> list[GuestDetails]:
        async with transaction(pool) as opened:
            return await give_links(opened, GiveLinks(invitation_ids=tuple(ids), keys=keys))

    async def nominations(ids: Sequence[UUID]) -> list[NominationDetails]:
        async with transaction(pool) as opened:
            command = GiveNominationLinks(nomination_request_ids=tuple(ids))
            return await give_nomination_links(opened, command)

    return [Answering(Guests, guests), Answering(Nominations, nominations)]
