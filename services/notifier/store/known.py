"""Keeps what notifier knows of invitations, honouring events and opt-outs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.notifier.model import STILL_COMING, Due, KnownInvitation, Purpose
from shared.database import Connection


class KnownEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an honouring event; all of it is public."""

    honouring_event_id: UUID
    version: int
    title: str
    venue: str
    """Name and address of the hall."""
    previous_starts_at: datetime | None = None
    """Before its last move, if it was moved."""
    is_cancelled: bool = False


async def invitations(
    transaction: Connection, invitation_ids: Sequence[UUID]
) -> dict[UUID, KnownInvitation]:
    """Return and lock what is known of these invitations, by their ids."""
    rows = await transaction.fetch(
        """
        select
            invitation_id, version, honouring_event_id, invitation_wave_id, person_id, state
        from known_invitation
        where invitation_id = any($1)
        order by invitation_id
        for update
        """,
        invitation_ids,
    )
    return {row["invitation_id"]: KnownInvitation(**row) for row in rows}


async def keep_invitations(transaction: Connection, invitations: Sequence[KnownInvitation]) -> None:
    """Enter or update invitations, each at most once; a newer version is left as it is."""
    await transaction.execute(
        """
        insert into known_invitation as known (
            invitation_id, version, honouring_event_id, invitation_wave_id, person_id, state
        )
        select * from unnest(
            $1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[]
        )
        on conflict (invitation_id) do update
        set version = excluded.version,
            invitation_wave_id = coalesce(excluded.invitation_wave_id, known.invitation_wave_id),
            person_id = coalesce(excluded.person_id, known.person_id),
            state = excluded.state
        where known.version < excluded.version
        """,
        [one.invitation_id for one in invitations],
        [one.version for one in invitations],
        [one.honouring_event_id for one in invitations],
        [one.invitation_wave_id for one in invitations],
        [one.person_id for one in invitations],
        [one.state for one in invitations],
    )


async def name_person(transaction: Connection, invitation_id: UUID, person_id: UUID) -> None:
    """Note whose invitation it is, for one that was heard of by an answer first."""
    await transaction.execute(
        """
        update known_invitation set person_id = $2
        where invitation_id = $1 and person_id is null
        """,
        invitation_id,
        person_id,
    )


async def find_event(connection: Connection, honouring_event_id: UUID | None) -> KnownEvent | None:
    """Return what is known of an honouring event."""
    row = await connection.fetchrow(
        """
        select
            honouring_event_id, version, title, venue, previous_starts_at, is_cancelled
        from known_event
        where honouring_event_id = $1
        """,
        honouring_event_id,
    )
    return KnownEvent(**row) if row else None


async def keep_event(transaction: Connection, event: KnownEvent) -> bool:
    """Enter or update an honouring event; return False where a newer version is known."""
    kept = await transaction.fetchval(
        """
        insert into known_event as known (honouring_event_id, version, title, venue)
        values ($1, $2, $3, $4)
        on conflict (honouring_event_id) do update
        set version = excluded.version, title = excluded.title, venue = excluded.venue
        where known.version < excluded.version
        returning true
        """,
        event.honouring_event_id,
        event.version,
        event.title,
        event.venue,
    )
    return bool(kept)


async def keep_move(
    transaction: Connection, honouring_event_id: UUID, version: int, previous_starts_at: datetime
) -> bool:
    """Note that a known event has moved; return False after a later move or a cancellation.

    What else has changed since does not matter: guests have to hear of the move all the same.
    """
    moved = await transaction.fetchval(
        """
        update known_event
        set moved_version = $2, previous_starts_at = $3
        where
            honouring_event_id = $1
            and not is_cancelled
            and coalesce(moved_version, 0) < $2
        returning true
        """,
        honouring_event_id,
        version,
        previous_starts_at,
    )
    return bool(moved)


async def cancel_event(transaction: Connection, honouring_event_id: UUID, version: int) -> bool:
    """Note that an honouring event is called off; return False if that was known."""
    cancelled = await transaction.fetchval(
        """
        insert into known_event as known (honouring_event_id, version, title, is_cancelled)
        values ($1, $2, '', true)
        on conflict (honouring_event_id) do update
        set version = excluded.version, is_cancelled = true
        where known.version < excluded.version
        returning true
        """,
        honouring_event_id,
        version,
    )
    return bool(cancelled)


async def guests_to_tell(
    transaction: Connection, honouring_event_id: UUID, purpose: Purpose, version: int
) -> list[Due]:
    """Return a message for each guest who is invited, comes, waits or has an offer."""
    rows = await transaction.fetch(
        """
        select invitation_id, honouring_event_id, person_id
        from known_invitation
        where
            honouring_event_id = $1
            and state = any($2)
        order by invitation_id
        """,
        honouring_event_id,
        STILL_COMING,
    )
    return [Due(purpose=purpose, invitation_version=version, **row) for row in rows]


async def set_reminders(
    transaction: Connection, reminders: Sequence[tuple[UUID, datetime]]
) -> None:
    """Note for invitations when their silent guests are to be reminded."""
    await transaction.execute(
        """
        update known_invitation set remind_at = due.remind_at
        from unnest($1::uuid[], $2::timestamptz[]) as due (invitation_id, remind_at)
        where known_invitation.invitation_id = due.invitation_id
        """,
        [invitation_id for invitation_id, _ in reminders],
        [remind_at for _, remind_at in reminders],
    )


async def take_reminders(transaction: Connection, most: int) -> list[Due]:
    """Return reminders whose time has come and note that they are no longer to be made."""
    rows = await transaction.fetch(
        """
        update known_invitation set remind_at = null
        where invitation_id in (
            select invitation_id from known_invitation
            where remind_at <= now() and state = 'invited'
            order by remind_at
            limit $1
            for update skip locked
        )
        returning invitation_id, version as invitation_version, honouring_event_id, person_id
        """,
        most,
    )
    return [Due(purpose="reminder", **row) for row in rows]


async def opt_out(transaction: Connection, person_id: UUID) -> None:
    """Note that a person wants invitations and reminders as letters."""
    await transaction.execute(
        "insert into mail_opt_out (person_id) values ($1) on conflict do nothing", person_id
    )


async def opt_in(transaction: Connection, person_id: UUID) -> None:
    """Note that a person wants all messages by mail again."""
    await transaction.execute("delete from mail_opt_out where person_id = $1", person_id)


async def has_opted_out(connection: Connection, person_id: UUID) -> bool:
    """Tell whether a person wants invitations and reminders as letters."""
    return bool(
        await connection.fetchval("select true from mail_opt_out where person_id = $1", person_id)
    )
