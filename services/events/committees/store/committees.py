"""Reads and adds committees."""

from uuid import UUID

from services.events.committees.model import Committee, Kind
from shared.database import Connection


async def committees(connection: Connection) -> list[tuple[Committee, int]]:
    """Return all committees by name, each with how many members it has now."""
    rows = await connection.fetch(
        """
        select committee_id, committee.name, kind, founded_at,
            (
                select count(*) from committee_member
                where committee_member.committee_id = committee.committee_id
                and (left_on is null or left_on > current_date)
            ) as members
        from committee
        order by lower(committee.name)
        """
    )
    return [(Committee(*row[:4]), row["members"]) for row in rows]


async def find_committee(connection: Connection, committee_id: UUID) -> Committee | None:
    """Return a committee, None if there is none."""
    row = await connection.fetchrow(
        "select committee_id, name, kind, founded_at from committee where committee_id = $1",
        committee_id,
    )
    return Committee(*row) if row else None


async def add_committee(transaction: Connection, name: str, kind: Kind) -> UUID | None:
    """Add a committee and return its id; None if there is one of this name."""
    made: UUID | None = await transaction.fetchval(
        """
        insert into committee (name, kind) values ($1, $2)
        on conflict do nothing
        returning committee_id
        """,
        name,
        kind,
    )
    return made
