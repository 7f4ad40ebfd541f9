"""Keeps personal links and letter codes, as hashes of their secrets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from shared.database import Connection

LinkKind = Literal["invitation", "letter_code"]

KEPT_DAYS: Final = 30
"""How long a guest's link that has ended is kept."""


class OpenedLink(msgspec.Struct, frozen=True):
    """What a link or a code opens, if it still does."""

    invitation_id: UUID
    kind: LinkKind
    state: str
    answer_until: datetime
    """The deadline for the answer, or the end of the offer if that is later."""
    ends_at: datetime
    """What the hall's clock shows at the end of the event."""
    zone: str
    now: datetime
    must_queue: bool
    """The invitation stands in the queue."""


class Secret(msgspec.Struct, frozen=True):
    """A link or code of an invitation that is to be stored."""

    invitation_id: UUID
    kind: LinkKind
    token_hash: bytes
    expires_at: datetime


async def keep(transaction: Connection, secrets: Sequence[Secret]) -> None:
    """Store new links and codes, with one statement for any number."""
    await transaction.execute(
        """
        insert into capability_link (token_hash, kind, invitation_id, expires_at)
        select token_hash, kind, invitation_id, expires_at
        from unnest($1::bytea[], $2::text[], $3::uuid[], $4::timestamptz[])
            as secret (token_hash, kind, invitation_id, expires_at)
        """,
        [secret.token_hash for secret in secrets],
        [secret.kind for secret in secrets],
        [secret.invitation_id for secret in secrets],
        [secret.expires_at for secret in secrets],
    )


async def find(connection: Connection, token_hash: bytes) -> OpenedLink | None:
    """Return what a secret opens; None if it is unknown, revoked, ended or its guest cancelled."""
    row = await connection.fetchrow(
        """
        select
            link.invitation_id, link.kind, invitation.state,
            greatest(wave.answer_by, invitation.offered_until) as answer_until,
            event.ends_at, event.zone, now() as now,
            invitation.state in ('waitlisted', 'offered') as must_queue
        from capability_link as link
        inner join invitation using (invitation_id)
        inner join invitation_wave as wave using (invitation_wave_id)
        inner join honouring_event as event
            on invitation.honouring_event_id = event.honouring_event_id
        where
            link.token_hash = $1
            and link.kind in ('invitation', 'letter_code')
            and link.revoked_at is null
            and link.expires_at > now()
            and invitation.state <> 'cancelled'
        """,
        token_hash,
    )
    return OpenedLink(*row) if row else None


async def revoke(transaction: Connection, invitation_id: UUID) -> int:
    """Make all links and codes of an invitation useless; return how many worked until now."""
    done: str = await transaction.execute(
        """
        update capability_link set revoked_at = now()
        where invitation_id = $1 and revoked_at is null
        """,
        invitation_id,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_ended(transaction: Connection, most: int) -> int:
    """Delete up to `most` links and codes of guests that ended long ago; return how many.

    Each mail and letter brings a new link and code. They are kept for a while after their end, for
    an event that is moved takes its guests' links along. Links of associations are few and stay.
    """
    deleted: str = await transaction.execute(
        """
        delete from capability_link where capability_link_id in (
            select capability_link_id from capability_link
            where
                invitation_id is not null
                and expires_at < now() - make_interval(days => $2)
            order by expires_at
            limit $1
            for update skip locked
        )
        """,
        most,
        KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
