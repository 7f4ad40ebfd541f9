"""Reads and writes who belongs to a committee, and the links that they hold."""

from datetime import date
from uuid import UUID

import msgspec

from services.events.committees.model import Committee, Member
from services.events.feeds.standing import Moment
from shared.database import Connection


class Holder(msgspec.Struct, frozen=True):
    """Whose link was opened, and what it leads to."""

    committee: Committee
    member_name: str
    moment: Moment
    """The revision of the committee's feed."""


async def members(connection: Connection, committee_id: UUID) -> list[Member]:
    """Return who belongs to a committee and who has left it: those who belong first, by name."""
    rows = await connection.fetch(
        """
        select committee_member_id, committee_id, name, email, joined_on, left_on,
            exists (
                select from committee_link as link
                where link.committee_member_id = committee_member.committee_member_id
                and revoked_at is null
            ) as has_link
        from committee_member
        where committee_id = $1
        order by left_on is not null, lower(name)
        """,
        committee_id,
    )
    return [Member(**row) for row in rows]


async def lock_member(
    transaction: Connection, committee_id: UUID, committee_member_id: UUID
) -> Member | None:
    """Return one of a committee's members and keep others from changing it."""
    row = await transaction.fetchrow(
        """
        select committee_member_id, committee_id, name, email, joined_on, left_on,
            exists (
                select from committee_link as link
                where link.committee_member_id = committee_member.committee_member_id
                and revoked_at is null
            ) as has_link
        from committee_member
        where committee_id = $1 and committee_member_id = $2
        for update
        """,
        committee_id,
        committee_member_id,
    )
    return Member(**row) if row else None


async def add_member(
    transaction: Connection, committee_id: UUID, name: str, email: str, joined_on: date
) -> UUID:
    """Add a member and return its id."""
    made: UUID = await transaction.fetchval(
        """
        insert into committee_member (committee_id, name, email, joined_on)
        values ($1, $2, $3, $4)
        returning committee_member_id
        """,
        committee_id,
        name,
        email,
        joined_on,
    )
    return made


async def note_left(transaction: Connection, committee_member_id: UUID, left_on: date) -> None:
    """Note when a member has left."""
    await transaction.execute(
        "update committee_member set left_on = $2 where committee_member_id = $1",
        committee_member_id,
        left_on,
    )


async def forget_members(transaction: Connection, before: date, most: int) -> int:
    """Delete up to `most` members who left before a day; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from committee_member where committee_member_id in (
            select committee_member_id from committee_member where left_on < $1 limit $2
        )
        """,
        before,
        most,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def add_link(transaction: Connection, committee_member_id: UUID, token_hash: bytes) -> None:
    """Keep a new link, of which only the hash is known."""
    await transaction.execute(
        "insert into committee_link (token_hash, committee_member_id) values ($1, $2)",
        token_hash,
        committee_member_id,
    )


async def revoke_link(transaction: Connection, committee_member_id: UUID) -> bool:
    """Make a member's link useless; tell whether there was one."""
    done: str = await transaction.execute(
        """
        update committee_link set revoked_at = now()
        where committee_member_id = $1 and revoked_at is null
        """,
        committee_member_id,
    )
    return done != "UPDATE 0"


async def find_holder(connection: Connection, token_hash: bytes) -> Holder | None:
    """Return whose link this is; None if nobody's, called back, or of somebody who has left."""
    row = await connection.fetchrow(
        """
        select committee_id, committee.name, kind, founded_at, committee_member.name as member_name,
            feed_revision, feed_changed_at
        from committee_link
        join committee_member using (committee_member_id)
        join committee using (committee_id)
        where token_hash = $1 and revoked_at is null
        and (left_on is null or left_on > current_date)
        """,
        token_hash,
    )
    if row is None:
        return None
    moment = Moment(row["feed_revision"], row["feed_changed_at"])
    return Holder(Committee(*row[:4]), row["member_name"], moment)
