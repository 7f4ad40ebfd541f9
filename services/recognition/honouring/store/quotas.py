"""Keeps the quotas of associations and the links with which they use them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.recognition.honouring.nomination import AssociationPass, OrganisationQuota
from shared.database import Connection


async def listed(
    connection: Connection, honouring_event_id: UUID, search: str = ""
) -> list[OrganisationQuota]:
    """Return associations with part of a name, by name; those that have a quota come first."""
    rows = await connection.fetch(
        """
        select
            organisation.organisation_id, organisation.name, organisation.district,
            organisation.email, organisation.has_address, coalesce(engaged.people, 0) as engaged,
            quota.places, coalesce(proposal.people, 0) as proposed, quota.invited_at,
            request.channel, request.asked_at, request.reminded_at, request.opened_at,
            coalesce(request.is_written_today, false) as is_written_today
        from known_organisation as organisation
        left join organisation_quota as quota
            on quota.organisation_id = organisation.organisation_id
            and quota.honouring_event_id = $1
        left join nomination_standing as request
            on request.organisation_id = organisation.organisation_id
            and request.honouring_event_id = $1
        left join engaged_count as engaged
            on engaged.organisation_id = organisation.organisation_id
        left join proposal_count as proposal
            on proposal.organisation_id = organisation.organisation_id
            and proposal.honouring_event_id = $1
        where $2 = '' or strpos(lower(organisation.name), lower($2)) > 0
        order by
            quota.places is null, organisation.sort_key, organisation.organisation_id
        """,
        honouring_event_id,
        search,
    )
    return [OrganisationQuota(**row) for row in rows]


async def put(
    transaction: Connection, honouring_event_id: UUID, places: Mapping[UUID, int]
) -> None:
    """Set the quotas of these associations, whether they had one or not."""
    await transaction.execute(
        """
        insert into organisation_quota (honouring_event_id, organisation_id, places)
        select $1, organisation_id, places
        from unnest($2::uuid[], $3::integer[]) as wanted (organisation_id, places)
        on conflict (honouring_event_id, organisation_id)
        do update set places = excluded.places
        where organisation_quota.places <> excluded.places
        """,
        honouring_event_id,
        list(places.keys()),
        list(places.values()),
    )


async def lock(
    transaction: Connection, honouring_event_id: UUID, organisation_id: UUID
) -> int | None:
    """Return an association's quota, unchanged until the transaction ends; None: it has none.

    Two proposals of one association wait for each other here, so that both count.
    """
    places: int | None = await transaction.fetchval(
        """
        select places from organisation_quota
        where honouring_event_id = $1 and organisation_id = $2
        for no key update
        """,
        honouring_event_id,
        organisation_id,
    )
    return places


async def left_to_select(connection: Connection, honouring_event_id: UUID) -> dict[UUID, int]:
    """Return how many more guests of each association may be selected, by its id."""
    rows = await connection.fetch(
        """
        select
            quota.organisation_id,
            quota.places - (
                select count(*) from guest_proposal as proposal
                where
                    proposal.honouring_event_id = quota.honouring_event_id
                    and proposal.organisation_id = quota.organisation_id
                    and proposal.state = 'selected'
            ) as places
        from organisation_quota as quota
        where quota.honouring_event_id = $1
        """,
        honouring_event_id,
    )
    return {row["organisation_id"]: row["places"] for row in rows}


async def add_links(
    transaction: Connection,
    honouring_event_id: UUID,
    hashes: Sequence[tuple[UUID, bytes]],
    expires_at: datetime,
) -> None:
    """Keep a link for each association (its id and the hash of its secret)."""
    await transaction.execute(
        """
        with link as (
            insert into capability_link (
                kind, token_hash, honouring_event_id, organisation_id, expires_at
            )
            select 'organisation', token_hash, $1, organisation_id, $4
            from unnest($2::uuid[], $3::bytea[]) as minted (organisation_id, token_hash)
            returning organisation_id
        )
        update organisation_quota set invited_at = now()
        from link
        where
            organisation_quota.honouring_event_id = $1
            and organisation_quota.organisation_id = link.organisation_id
        """,
        honouring_event_id,
        [organisation_id for organisation_id, _ in hashes],
        [token_hash for _, token_hash in hashes],
        expires_at,
    )


async def extend_links(
    transaction: Connection, honouring_event_id: UUID, expires_at: datetime
) -> None:
    """Let the associations' links of an event end at another time."""
    await transaction.execute(
        """
        update capability_link set expires_at = $2
        where kind = 'organisation' and honouring_event_id = $1
        """,
        honouring_event_id,
        expires_at,
    )


async def end_links(transaction: Connection, honouring_event_id: UUID) -> None:
    """Make all links and codes of an event's associations useless."""
    await transaction.execute(
        """
        update capability_link set revoked_at = now()
        where kind = 'organisation' and honouring_event_id = $1 and revoked_at is null
        """,
        honouring_event_id,
    )


async def find_by_link(connection: Connection, token_hash: bytes) -> AssociationPass | None:
    """Return what a link opens; None if it is unknown, ended or revoked."""
    row = await connection.fetchrow(
        """
        select
            quota.honouring_event_id, quota.organisation_id,
            organisation.name as organisation_name, quota.places
        from capability_link as link
        join organisation_quota as quota
            on quota.honouring_event_id = link.honouring_event_id
            and quota.organisation_id = link.organisation_id
        join known_organisation as organisation
            on organisation.organisation_id = link.organisation_id
        where
            link.token_hash = $1
            and link.kind = 'organisation'
            and link.revoked_at is null
            and link.expires_at > now()
        """,
        token_hash,
    )
    return AssociationPass(**row) if row is not None else None
