"""Reads and trims the history of events."""

from datetime import datetime
from uuid import UUID

from services.events.history import PastVersion
from shared.database import Connection


async def versions(connection: Connection, calendar_event_id: UUID, most: int) -> list[PastVersion]:
    """Return the last versions of an event, the newest first."""
    rows = await connection.fetch(
        """
        select version, state, content, deed, made_by, made_at
        from event_revision
        where calendar_event_id = $1
        order by version desc
        limit $2
        """,
        calendar_event_id,
        most,
    )
    return [PastVersion(**row) for row in rows]


async def has_image(connection: Connection, event_image_id: UUID) -> bool:
    """Tell whether a picture that a version had is still there."""
    found: bool = await connection.fetchval(
        "select exists (select from event_image where event_image_id = $1)", event_image_id
    )
    return found


async def forget_versions(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` versions that were made before; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from event_revision where (calendar_event_id, version) in (
            select calendar_event_id, version from event_revision
            where made_at < $1
            order by made_at
            limit $2
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
