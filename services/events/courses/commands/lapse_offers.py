"""End the offers that were not taken in time, and offer their places to the next."""

from datetime import datetime

import msgspec

from services.events.courses.commands.offer_places import OfferPlaces, offer_places
from services.events.courses.store import places, runs, waiting
from shared import outbox
from shared.contracts.events import CourseOfferLapsed
from shared.database import Connection


class LapseOffers(msgspec.Struct, frozen=True, kw_only=True):
    """Work on one run; the timer asks again until there is nothing left to do."""


async def lapse_offers(transaction: Connection, _command: LapseOffers, now: datetime) -> int:
    """End the lapsed offers of one run and return how many there were; 0 if no run has any.

    Runs that another worker or a participant is busy with are left for the next time.
    """
    run_id = await waiting.run_with_lapsed_offers(transaction, now)
    if run_id is None:
        return 0
    lapsed = await waiting.lapse(transaction, run_id, now)
    await outbox.record(
        transaction,
        *(
            CourseOfferLapsed(
                course_registration_id=one.course_registration_id,
                version=one.version,
                course_run_id=run_id,
            )
            for one in lapsed
        ),
    )
    await places.take(transaction, run_id, -len(lapsed))
    run = await runs.get(transaction, run_id)
    await offer_places(transaction, OfferPlaces(run=run), now)
    return len(lapsed)
