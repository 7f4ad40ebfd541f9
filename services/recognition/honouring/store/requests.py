"""Keeps which associations were asked for proposals, and when they are to be reminded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.recognition.honouring.model import Phase
from services.recognition.honouring.nomination import Channel, NominationRequest
from shared.database import Connection


class AskedAssociation(msgspec.Struct, frozen=True, kw_only=True):
    """A request with what its association has made of it, for a mail or a letter."""

    nomination_request_id: UUID
    version: int
    organisation_id: UUID
    is_withdrawn: bool
    places: int
    proposed: int
    honouring_event_id: UUID
    phase: Phase


class LinkSecret(msgspec.Struct, frozen=True):
    """A link or code of an association that is to be stored."""

    honouring_event_id: UUID
    organisation_id: UUID
    token_hash: bytes
    expires_at: datetime


async def add(
    transaction: Connection,
    honouring_event_id: UUID,
    channels: Mapping[UUID, Channel],
    remind_at: datetime | None,
) -> list[NominationRequest]:
    """Enter that these associations are asked, by their ids; one asked before is left out."""
    rows = await transaction.fetch(
        """
        insert into nomination_request (honouring_event_id, organisation_id, channel, remind_at)
        select $1, organisation_id, channel, $4
        from unnest($2::uuid[], $3::text[]) as asked (organisation_id, channel)
        on conflict (honouring_event_id, organisation_id) do nothing
        returning nomination_request_id, version, honouring_event_id, organisation_id, asked_at
        """,
        honouring_event_id,
        list(channels.keys()),
        list(channels.values()),
        remind_at,
    )
    return [NominationRequest(**row) for row in rows]


async def remind(
    transaction: Connection, honouring_event_id: UUID, organisation_ids: Sequence[UUID]
) -> list[NominationRequest]:
    """Note that these associations are reminded now, which takes the place of the usual reminder.

    One that was asked or reminded today, by the clock of the hall's zone, is left out.
    """
    rows = await transaction.fetch(
        """
        update nomination_request as request
        set version = request.version + 1, reminded_at = now(), remind_at = null
        from nomination_standing as standing
        where
            request.honouring_event_id = $1
            and request.organisation_id = any($2)
            and request.withdrawn_at is null
            and standing.nomination_request_id = request.nomination_request_id
            and not standing.is_written_today
        returning
            request.nomination_request_id, request.version, request.honouring_event_id,
            request.organisation_id, request.asked_at
        """,
        honouring_event_id,
        organisation_ids,
    )
    return [NominationRequest(**row) for row in rows]


async def take_due(transaction: Connection, most: int) -> list[UUID]:
    """Return up to `most` requests whose reminder is due, and note that it is taken care of."""
    rows = await transaction.fetch(
        """
        update nomination_request set remind_at = null
        where nomination_request_id in (
            select nomination_request_id from nomination_request
            where remind_at <= now()
            order by remind_at
            limit $1
            for update skip locked
        )
        returning nomination_request_id
        """,
        most,
    )
    return [row["nomination_request_id"] for row in rows]


async def remind_silent(
    transaction: Connection, request_ids: Sequence[UUID]
) -> list[NominationRequest]:
    """Note which of these associations are reminded now, and return them.

    Nobody is who has proposed somebody, cannot propose any more or was written to today.
    """
    rows = await transaction.fetch(
        """
        update nomination_request as request
        set version = request.version + 1, reminded_at = now()
        from nomination_standing as standing
        inner join organisation_quota as quota using (honouring_event_id, organisation_id)
        left join proposal_count using (honouring_event_id, organisation_id)
        where
            request.nomination_request_id = any($1)
            and standing.nomination_request_id = request.nomination_request_id
            and standing.is_open
            and not standing.is_written_today
            and quota.places > 0
            and people is null
        returning
            request.nomination_request_id, request.version, request.honouring_event_id,
            request.organisation_id, request.asked_at
        """,
        request_ids,
    )
    return [NominationRequest(**row) for row in rows]


async def next_version(
    transaction: Connection, honouring_event_id: UUID
) -> list[NominationRequest]:
    """Note that what the associations of an event were told has changed, and return them all."""
    rows = await transaction.fetch(
        """
        update nomination_request set version = version + 1
        where honouring_event_id = $1 and withdrawn_at is null
        returning nomination_request_id, version, honouring_event_id, organisation_id, asked_at
        """,
        honouring_event_id,
    )
    return [NominationRequest(**row) for row in rows]


async def set_reminders(
    transaction: Connection, reminders: Sequence[tuple[UUID, datetime | None]]
) -> None:
    """Set when associations are reminded, by request; those that have been stay as they are."""
    await transaction.execute(
        """
        update nomination_request as request set remind_at = due.remind_at
        from unnest($1::uuid[], $2::timestamptz[]) as due (nomination_request_id, remind_at)
        where
            request.nomination_request_id = due.nomination_request_id
            and request.reminded_at is null
            and request.withdrawn_at is null
        """,
        [request_id for request_id, _ in reminders],
        [remind_at for _, remind_at in reminders],
    )


async def withdraw(transaction: Connection, honouring_event_id: UUID) -> list[NominationRequest]:
    """End the requests of an event, and return those that were not ended before."""
    rows = await transaction.fetch(
        """
        update nomination_request
        set version = version + 1, withdrawn_at = now(), remind_at = null
        where honouring_event_id = $1 and withdrawn_at is null
        returning nomination_request_id, version, honouring_event_id, organisation_id, asked_at
        """,
        honouring_event_id,
    )
    return [NominationRequest(**row) for row in rows]


async def note_opened(
    transaction: Connection, honouring_event_id: UUID, organisation_id: UUID
) -> None:
    """Note that an association has seen its page, the first time it does."""
    await transaction.execute(
        """
        update nomination_request set opened_at = now()
        where honouring_event_id = $1 and organisation_id = $2 and opened_at is null
        """,
        honouring_event_id,
        organisation_id,
    )


async def addressees(connection: Connection, request_ids: Sequence[UUID]) -> list[AskedAssociation]:
    """Return these requests, without those that do not exist."""
    rows = await connection.fetch(
        """
        select
            request.nomination_request_id, request.version, request.organisation_id,
            request.withdrawn_at is not null as is_withdrawn, quota.places,
            coalesce(proposal_count.people, 0) as proposed,
            event.honouring_event_id, event.phase
        from nomination_request as request
        inner join organisation_quota as quota using (honouring_event_id, organisation_id)
        left join proposal_count using (honouring_event_id, organisation_id)
        inner join honouring_event as event using (honouring_event_id)
        where request.nomination_request_id = any($1)
        """,
        request_ids,
    )
    return [AskedAssociation(**row) for row in rows]


async def keep_links(transaction: Connection, secrets: Sequence[LinkSecret]) -> None:
    """Store new links and codes of associations, with one statement for any number."""
    await transaction.execute(
        """
        insert into capability_link (
            kind, honouring_event_id, organisation_id, token_hash, expires_at
        )
        select 'organisation', honouring_event_id, organisation_id, token_hash, expires_at
        from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[])
            as secret (honouring_event_id, organisation_id, token_hash, expires_at)
        """,
        [secret.honouring_event_id for secret in secrets],
        [secret.organisation_id for secret in secrets],
        [secret.token_hash for secret in secrets],
        [secret.expires_at for secret in secrets],
    )
