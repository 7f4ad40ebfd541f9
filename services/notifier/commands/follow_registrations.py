"""Queue what participants are to be told after something has happened to their registrations."""

from uuid import UUID

import msgspec

from services.notifier.courses import (
    CourseDue,
    KnownRegistration,
    RegistrationFact,
    course_due,
    follow,
)
from services.notifier.store import courses
from shared.database import Connection


class FollowRegistrations(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened, in its order."""

    facts: tuple[RegistrationFact, ...]


async def follow_registrations(transaction: Connection, command: FollowRegistrations) -> None:
    """Keep the registrations' new states and queue a mail for each fact that is not stale.

    What has not gone out yet and is overtaken by it is withheld. So is from the beginning what a
    stale fact asks for: the ledger says of each change what became of its mail.
    """
    states: dict[UUID, KnownRegistration] = await courses.registrations(
        transaction, [fact.course_registration_id for fact in command.facts]
    )
    dues: list[CourseDue] = []
    late: list[CourseDue] = []
    for fact in command.facts:
        followed = follow(states.get(fact.course_registration_id), fact)
        if followed is None:
            late.append(course_due(fact))
        else:
            states[fact.course_registration_id], due = followed
            dues.append(due)
    if dues:
        await courses.keep_registrations(transaction, list(states.values()))
        await courses.queue(transaction, dues)
        await courses.withhold_overtaken(transaction, dues)
    if late:
        await courses.note_overtaken(transaction, late)
