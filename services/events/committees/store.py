"""Reads and writes committees, their members' links, and what stands in their feeds."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.events.committees.model import Committee, Kind, Member
from services.events.store.calendar import Dated
from shared.database import Connection

PAST_DAYS = 400
"""How long meetings stay in a member's feed."""
MOST_EVENTS = 1_000


class Holder(msgspec.Struct, frozen=True):
    """Whose link was opened, and what it leads to."""

    committee: Committee
    member_name: str


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
        select committee_id, committee.name, kind, founded_at, committee_member.name as member_name
        from committee_link
        join committee_member using (committee_member_id)
        join committee using (committee_id)
        where token_hash = $1 and revoked_at is null
        and (left_on is null or left_on > current_date)
        """,
        token_hash,
    )
    return Holder(Committee(*row[:4]), row["member_name"]) if row else None


async def add_event(transaction: Connection, calendar_event_id: UUID, committee_id: UUID) -> None:
    """Note whose meeting an event is."""
    await transaction.execute(
        "insert into committee_event (calendar_event_id, committee_id) values ($1, $2)",
        calendar_event_id,
        committee_id,
    )


async def meetings(
    connection: Connection, committee_id: UUID, since: datetime, most: int
) -> list[Dated]:
    """Return a committee's dates that are not over at `since`, the earliest first."""
    rows = await connection.fetch(
        """
        select calendar_event_id, title,
            case when is_cancelled then 'cancelled' else state end as state, place_name,
            organiser, categories, occurrence.starts, starts_at, ends_at, all_day, zone,
            recurrence <> '' as is_series, previous_starts_at
        from committee_event
        join occurrence using (calendar_event_id)
        join calendar_event using (calendar_event_id)
        where committee_id = $1 and ends_at >= $2
        order by starts_at, calendar_event_id
        limit $3
        """,
        committee_id,
        since,
        most,
    )
    return [Dated(**row) for row in rows]


async def written(
    connection: Connection, committee_id: UUID
) -> tuple[list[bytes], set[str], datetime | None]:
    """Return the bytes and zones of a committee's events and when one was changed last."""
    rows = await connection.fetch(
        """
        select vevent, event_ical.zone, changed_at
        from committee_event
        join event_ical using (calendar_event_id)
        join calendar_event using (calendar_event_id)
        where committee_id = $1 and last_at >= now() - make_interval(days => $2)
        order by first_at, calendar_event_id
        limit $3
        """,
        committee_id,
        PAST_DAYS,
        MOST_EVENTS,
    )
    changed_at = max((row["changed_at"] for row in rows), default=None)
    return [row["vevent"] for row in rows], {row["zone"] for row in rows}, changed_at
