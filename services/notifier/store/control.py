"""Keeps whether mails go out, how fast, and what is in the way."""

from datetime import datetime

import msgspec

from shared.database import Connection


class Control(msgspec.Struct, frozen=True):
    """Whether mails go out, how fast, and what is in the way."""

    paused_at: datetime | None
    paused_by: str
    mails_per_second: float
    """0 is as fast as possible."""
    trouble: str
    trouble_since: datetime | None

    @property
    def is_paused(self) -> bool:
        """Tell whether sending is stopped by hand."""
        return self.paused_at is not None


async def take_slot(transaction: Connection) -> float | None:
    """Reserve the next moment for a mail and return in how many seconds it is; None if paused.

    All workers share the slots, so that together they keep to the rate.
    """
    waits: float | None = await transaction.fetchval(
        """
        update sending_control
        set next_slot_at = case
            when mails_per_second = 0 then clock_timestamp()
            else greatest(next_slot_at, clock_timestamp())
                + make_interval(secs => 1 / mails_per_second)
        end
        where paused_at is null
        returning case
            when new.mails_per_second = 0 then 0.0
            else greatest(extract(epoch from old.next_slot_at - clock_timestamp()), 0)
        end::double precision
        """
    )
    return waits


async def control(connection: Connection) -> Control:
    """Return whether and how fast mails go out."""
    row = await connection.fetchrow(
        """
        select paused_at, paused_by, mails_per_second, trouble, trouble_since
        from sending_control
        """
    )
    if row is None:
        raise LookupError("sending_control")
    return Control(*row)


async def pause(transaction: Connection, paused_by: str) -> bool:
    """Stop sending; return False if it was stopped before."""
    paused = await transaction.fetchval(
        """
        update sending_control set paused_at = now(), paused_by = $1
        where paused_at is null
        returning true
        """,
        paused_by,
    )
    return bool(paused)


async def resume(transaction: Connection) -> bool:
    """Go on sending; return False if it was not stopped."""
    resumed = await transaction.fetchval(
        """
        update sending_control set paused_at = null, paused_by = ''
        where paused_at is not null
        returning true
        """
    )
    return bool(resumed)


async def set_rate(transaction: Connection, mails_per_second: float) -> None:
    """Set how many mails go out in a second at most; 0 is as fast as possible."""
    await transaction.execute(
        "update sending_control set mails_per_second = $1, next_slot_at = now()", mails_per_second
    )


async def note_trouble(transaction: Connection, trouble: str) -> None:
    """Note why nothing can be sent at present; an empty text says that it can again."""
    await transaction.execute(
        """
        update sending_control
        set trouble = $1,
            trouble_since = case when $1 <> '' then coalesce(trouble_since, now()) end
        where trouble <> $1
        """,
        trouble,
    )
