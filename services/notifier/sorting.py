"""Sorts queued messages into mails and letters, many at a time."""

import asyncio
from typing import Final

from services.notifier.commands.sort_messages import SortMessages, sort_messages
from services.notifier.gathering import organisations, people
from services.notifier.store import ledger
from shared.asks import AskFailed, Asks
from shared.contracts.recognition import Guests
from shared.database import Pool, transaction
from shared.telemetry import log

MOST: Final = 500
ASK_AGAIN_SECONDS: Final = 2.0


async def sort_patiently(pool: Pool, asks: Asks) -> int:
    """Sort up to 500 messages and return how many; wait a little if registry does not answer."""
    try:
        return await sort_queued(pool, asks)
    except AskFailed as error:
        log().warning("sorting_waits", error=str(error))
        await asyncio.sleep(ASK_AGAIN_SECONDS)
        return 0


async def sort_queued(pool: Pool, asks: Asks) -> int:
    """Sort up to 500 messages and return how many; does not wait for mails to be sent.

    Raises:
        AskFailed: registry does not answer at present; nothing has been sorted.
    """
    async with pool.acquire() as connection:
        unsorted = await ledger.unsorted(connection, MOST)
    if not unsorted:
        return 0
    nameless = [
        message.invitation_id
        for message in unsorted
        if message.invitation_id is not None and message.person_id is None
    ]
    guests = await asks(Guests, nameless) if nameless else []
    person_of = {guest.invitation_id: guest.person_id for guest in guests}
    recipients = {message.person_id for message in unsorted if message.person_id is not None}
    known = await people(asks, recipients | set(person_of.values()))
    clubs = {one.organisation_id for one in unsorted if one.organisation_id is not None}
    command = SortMessages(
        messages=unsorted,
        person_of=person_of,
        people=known,
        organisations=await organisations(asks, clubs),
    )
    async with transaction(pool) as opened:
        await sort_messages(opened, command)
    return len(unsorted)
