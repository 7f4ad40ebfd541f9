"""Who was erased stays erased when an older backup comes back.

Only ids are noted, in the readable manifest of each backup; what they stood for is gone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from services.events.courses.refusals import RegistrationUnknown
from shared.database import Connection


class Erased(msgspec.Struct, frozen=True, order=True):
    """A course registration whose person was erased, on request or because its time was over."""

    course_registration_id: UUID
    course_run_id: UUID


async def known(connection: Connection) -> list[Erased]:
    """Return who has been erased, as a role that reads the schema of events."""
    rows = await connection.fetch(
        """
        select course_registration_id, course_run_id
        from events.course_registration
        where erased_at is not null
        order by course_registration_id
        """
    )
    return [Erased(*row) for row in rows]


async def repeat(transaction: Connection, erased: Iterable[Erased]) -> int:
    """Erase again whoever of these is back, as events itself does; return how many were there."""
    is_back = set(erased) - set(await known(transaction))
    found = 0
    for one in sorted(is_back):
        command = EraseParticipant(**msgspec.structs.asdict(one))
        try:
            await erase_participant(transaction, command, datetime.now(UTC))
        except RegistrationUnknown:
            continue  # registered after the backup was made
        found += 1
    return found
