"""Offer free places to those who wait for them, the longest first (Nachrücken)."""

from datetime import datetime

import msgspec

from services.events.courses.model import CourseRun, offered_until
from services.events.courses.store import places, waiting
from shared import outbox
from shared.contracts.events import CoursePlaceOffered
from shared.database import Connection


class OfferPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """The places of which run; held or locked by the caller."""

    run: CourseRun


async def offer_places(transaction: Connection, command: OfferPlaces, now: datetime) -> int:
    """Offer what is free, hold it for those who were offered it, and return how many were.

    Belongs into every transaction that frees places or adds some, at its end: then nothing stays
    free that somebody waits for, and nobody who comes later can take it first. The balance stays
    locked until the transaction ends. Nothing is offered once the run has begun.
    """
    run_id = command.run.course_run_id
    until = offered_until(command.run, now)
    left = (await places.lock(transaction, run_id)).left
    if until is None or left <= 0:
        return 0
    turn = await waiting.next_in_line(transaction, run_id, left)
    if not turn:
        return 0
    advanced = await waiting.offer(transaction, turn, until)
    if not await places.take(transaction, run_id, len(advanced)):
        raise RuntimeError(f"free places of {run_id} are gone although they are locked")
    await outbox.record(
        transaction,
        *(
            CoursePlaceOffered(
                course_registration_id=offered.course_registration_id,
                version=offered.version,
                course_run_id=run_id,
                offered_until=until,
            )
            for offered in advanced
        ),
    )
    return len(advanced)
