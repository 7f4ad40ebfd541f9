"""Whatever guests do, and in whatever order: the balance is right and the queue is served."""

from typing import Literal
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.recognition.honouring.commands.lapse_offers import LapseOffers, lapse_offers
from services.recognition.honouring.store import places, tickets, waiting
from services.recognition.honouring.waitlist import fits
from shared.database import Connection, Pool
from shared.errors import Refused
from tests.conftest import rolled_back
from tests.recognition.honouring.guests import guests, held, offers_end, read, says

GUESTS = 6


class Deed(msgspec.Struct, frozen=True):
    """Something that one guest does, or that time does to all of them."""

    kind: Literal["answer", "lapse"]
    guest: int
    seats: int
    needs_wheelchair: bool
    with_access_companion: bool


DEEDS = st.lists(
    st.builds(
        Deed,
        kind=st.sampled_from(["answer", "answer", "answer", "lapse"]),
        guest=st.integers(0, GUESTS - 1),
        seats=st.integers(0, 2),
        needs_wheelchair=st.booleans(),
        with_access_companion=st.booleans(),
    ),
    min_size=4,
    max_size=16,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS)
async def test_any_deeds_in_any_order_keep_every_promise(pool: Pool, deeds: list[Deed]) -> None:
    async with rolled_back(pool) as transaction:
        event_id, everybody = await guests(transaction, GUESTS, seats=4, wheelchair=1, companion=1)
        for deed in deeds:
            await do(transaction, event_id, everybody[deed.guest], deed)

            balance = await places.balance(transaction, event_id)
            assert balance.taken == await held(transaction, event_id)
            assert await drift(transaction) == 0
            assert not [
                party
                for party in await waiting.queue(transaction, event_id)
                if fits(party.places, balance.left)
            ]
            assert await tickets_fit(transaction, everybody)


async def do(transaction: Connection, event_id: UUID, guest: UUID, deed: Deed) -> None:
    if deed.kind == "lapse":
        await offers_end(transaction, event_id)
        await lapse_offers(transaction, LapseOffers())
        return
    try:
        await says(
            transaction,
            guest,
            deed.seats,
            needs_wheelchair=deed.needs_wheelchair and deed.seats > 0,
            with_access_companion=deed.with_access_companion and deed.seats > 0,
        )
    except Refused:
        return


async def drift(transaction: Connection) -> float:
    """What the alert for wrongly counted places sees."""
    seen: float = await transaction.fetchval(
        "select value from own_figure where name = 'place_drift'"
    )
    return seen


async def tickets_fit(transaction: Connection, everybody: list[UUID]) -> bool:
    """Each person who comes has one valid ticket of the right kind, and nobody else has one."""
    for guest in everybody:
        invitation = (await read(transaction, guest)).invitation
        comes = invitation.party.admissions if invitation.state == "accepted" else ()
        valid = await tickets.valid(transaction, guest)
        if sorted(ticket.admission for ticket in valid) != sorted(comes):
            return False
    return True
