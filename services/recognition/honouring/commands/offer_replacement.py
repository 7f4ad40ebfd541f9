"""Offer free places to those who wait for them, the longest first (Nachrücken)."""

from uuid import UUID

import msgspec

from services.recognition.honouring.store import events, offers, places, waiting
from services.recognition.honouring.waitlist import Prospect, fits, offered_until, total, turns
from shared import outbox
from shared.contracts.recognition import ReplacementOffered
from shared.database import Connection


class OfferReplacement(msgspec.Struct, frozen=True, kw_only=True):
    """Whose free places."""

    honouring_event_id: UUID


async def offer_replacement(transaction: Connection, command: OfferReplacement) -> int:
    """Offer what is free, hold it for those who were offered it, and return how many were.

    Belongs into every transaction that frees places or adds some, at its end: then nothing stays
    free that somebody waits for, and nobody who comes later can take it first. The event's balance
    stays locked until the transaction ends.
    """
    event_id = command.honouring_event_id
    await waiting.lock_queue(transaction, event_id)
    prospect = await waiting.prospect(transaction, event_id)
    if not prospect.somebody_waits or not await _somebody_fits(transaction, event_id, prospect):
        return 0
    event = await events.get(transaction, event_id)
    now = await events.clock(transaction)
    until = offered_until(now, event.offer_hours, event.doors_open)
    turn = turns(await waiting.queue(transaction, event_id), prospect.left)
    if until is None or event.is_over or not turn.offered:
        return 0
    if not await places.take(transaction, event_id, total(turn.offered)):
        raise RuntimeError(f"free places of {event_id} are gone although they are locked")
    if turn.passed_over:
        await offers.pass_over(transaction, [party.invitation_id for party in turn.passed_over])
    ids = [party.invitation_id for party in turn.offered]
    await outbox.record(
        transaction,
        *(
            ReplacementOffered(
                invitation_id=offered.invitation_id,
                version=offered.version,
                honouring_event_id=event_id,
                seats=offered.party.persons,
                offered_until=until,
            )
            for offered in await offers.offer(transaction, ids, until)
        ),
    )
    return len(ids)


async def _somebody_fits(
    transaction: Connection, honouring_event_id: UUID, prospect: Prospect
) -> bool:
    """Tell cheaply whether reading the whole queue is worth it, while all others wait for us."""
    if prospect.left.standard + prospect.left.wheelchair <= 0:
        return False
    needed = await waiting.kinds_of_parties(transaction, honouring_event_id)
    return any(fits(places, prospect.left) for places in needed)
