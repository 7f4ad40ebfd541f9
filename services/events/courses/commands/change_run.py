"""Staff change the terms of a run: its numbers, deadlines and hours, not its time and place."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.offer_places import OfferPlaces, offer_places
from services.events.courses.model import RunTerms
from services.events.courses.planning import checked_terms
from services.events.courses.refusals import MorePlacesTaken, StaleVersion, WrongState
from services.events.courses.store import places, runs
from shared.database import Connection


class ChangeRun(msgspec.Struct, frozen=True, kw_only=True):
    """Which run, as its editor has seen it, and its terms from now on."""

    course_run_id: UUID
    version: int
    terms: RunTerms


async def change_run(transaction: Connection, command: ChangeRun, now: datetime) -> None:
    """Change the terms; places that are added are offered to those who wait.

    Raises:
        RunUnknown: there is no such run.
        StaleVersion: it has changed since its editor has read it.
        WrongState: it is over or cancelled.
        MorePlacesTaken: people have more places than there would be.
        Malformed: names the first field that makes no sense.
    """
    run = await runs.lock(transaction, command.course_run_id)
    if run.version != command.version:
        raise StaleVersion
    if run.state in {"cancelled", "held"}:
        raise WrongState("Dieser Durchgang ist vorbei oder abgesagt.")
    terms = checked_terms(command.terms, run.times)
    await runs.set_terms(transaction, run.course_run_id, terms)
    if not await places.resize(transaction, run.course_run_id, terms.maximum):
        raise MorePlacesTaken
    changed = await runs.get(transaction, run.course_run_id)
    await offer_places(transaction, OfferPlaces(run=changed), now)
