"""Counts the places of an honouring event, so that never one more is taken than there is."""

from uuid import UUID

import msgspec

from services.recognition.honouring.balance import PlaceBalance
from services.recognition.honouring.model import Places
from shared.database import Connection


async def take(transaction: Connection, honouring_event_id: UUID, places: Places) -> bool:
    """Take all of these places or none, and tell which; negative numbers free places.

    The row stays locked until the transaction ends: call it last, after the invitation's lock.
    """
    taken = await transaction.fetchval(
        """
        update place_balance set
            volunteer_taken = volunteer_taken + $2,
            protocol_taken = protocol_taken + $3,
            standard_taken = standard_taken + $4,
            wheelchair_taken = wheelchair_taken + $5,
            companion_taken = companion_taken + $6
        where
            honouring_event_id = $1
            and ($2 <= 0 or volunteer_taken + $2 <= volunteer_capacity)
            and ($3 <= 0 or protocol_taken + $3 <= protocol_capacity)
            and ($4 <= 0 or standard_taken + $4 <= standard_capacity)
            and ($5 <= 0 or wheelchair_taken + $5 <= wheelchair_capacity)
            and ($6 <= 0 or companion_taken + $6 <= companion_capacity)
        returning true
        """,
        honouring_event_id,
        *msgspec.structs.astuple(places),
    )
    return taken is not None


async def are_lacking(transaction: Connection, honouring_event_id: UUID, places: Places) -> bool:
    """Tell whether these places cannot all be had; if so, none is freed until the transaction ends.

    Many can be told so at once. Whoever frees or adds places waits for them, and sees them then.
    """
    lacking = await transaction.fetchval(
        """
        select true from place_balance
        where
            honouring_event_id = $1
            and (
                $2 > 0 and volunteer_taken + $2 > volunteer_capacity
                or $3 > 0 and protocol_taken + $3 > protocol_capacity
                or $4 > 0 and standard_taken + $4 > standard_capacity
                or $5 > 0 and wheelchair_taken + $5 > wheelchair_capacity
                or $6 > 0 and companion_taken + $6 > companion_capacity
            )
        for share
        """,
        honouring_event_id,
        *msgspec.structs.astuple(places),
    )
    return lacking is not None


async def provide(transaction: Connection, honouring_event_id: UUID, capacities: Places) -> None:
    """Give a new honouring event its places, none of them taken."""
    await transaction.execute(
        """
        insert into place_balance (
            honouring_event_id, volunteer_capacity, protocol_capacity, standard_capacity,
            wheelchair_capacity, companion_capacity
        )
        values ($1, $2, $3, $4, $5, $6)
        """,
        honouring_event_id,
        *msgspec.structs.astuple(capacities),
    )


async def resize(transaction: Connection, honouring_event_id: UUID, capacities: Places) -> bool:
    """Change how many places there are, unless more than that are taken; tell which."""
    resized = await transaction.fetchval(
        """
        update place_balance set
            volunteer_capacity = $2,
            protocol_capacity = $3,
            standard_capacity = $4,
            wheelchair_capacity = $5,
            companion_capacity = $6
        where
            honouring_event_id = $1
            and volunteer_taken <= $2
            and protocol_taken <= $3
            and standard_taken <= $4
            and wheelchair_taken <= $5
            and companion_taken <= $6
        returning true
        """,
        honouring_event_id,
        *msgspec.structs.astuple(capacities),
    )
    return resized is not None


async def balance(connection: Connection, honouring_event_id: UUID) -> PlaceBalance:
    """Return what there is and what is taken."""
    row = await connection.fetchrow(
        """
        select
            honouring_event_id, volunteer_capacity, volunteer_taken, protocol_capacity,
            protocol_taken, standard_capacity, standard_taken, wheelchair_capacity,
            wheelchair_taken, companion_capacity, companion_taken
        from place_balance
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    if row is None:
        raise LookupError(honouring_event_id)
    return PlaceBalance(**row)
