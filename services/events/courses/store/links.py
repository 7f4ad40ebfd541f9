"""Keeps participants' personal links, as hashes of their secrets, and forgets what is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.links import RETENTION_DAYS, UNCONFIRMED_HOURS
from shared.database import Connection


class Secret(msgspec.Struct, frozen=True):
    """A link of a registration that is to be stored."""

    course_registration_id: UUID
    token_hash: bytes


class Opened(msgspec.Struct, frozen=True):
    """What a link opens, if it still does."""

    course_registration_id: UUID
    course_run_id: UUID


class Lost(msgspec.Struct, frozen=True):
    """A registration whose link somebody asks for."""

    course_registration_id: UUID
    linked_at: datetime


async def newest_of_address(
    transaction: Connection, course_run_id: UUID, email: str
) -> Lost | None:
    """Lock and return the newest registration of an address for a run; None if there is none."""
    row = await transaction.fetchrow(
        """
        select course_registration_id, linked_at from course_registration
        where course_run_id = $1 and lower(email) = lower($2) and erased_at is null
        order by course_registration_id desc
        limit 1
        for no key update
        """,
        course_run_id,
        email,
    )
    return Lost(*row) if row else None


async def keep(transaction: Connection, secrets: Sequence[Secret]) -> None:
    """Store new links, with one statement for any number."""
    await transaction.execute(
        """
        insert into course_link (token_hash, course_registration_id)
        select * from unnest($1::bytea[], $2::uuid[])
        """,
        [secret.token_hash for secret in secrets],
        [secret.course_registration_id for secret in secrets],
    )


async def note_link(transaction: Connection, course_registration_id: UUID, now: datetime) -> int:
    """Note that a link was asked for, and return the registration's new version."""
    version: int = await transaction.fetchval(
        """
        update course_registration set version = version + 1, linked_at = $2
        where course_registration_id = $1
        returning version
        """,
        course_registration_id,
        now,
    )
    return version


async def find(connection: Connection, token_hash: bytes) -> Opened | None:
    """Return what a secret opens; None if it is unknown, or its participant erased."""
    row = await connection.fetchrow(
        """
        select course_registration_id, course_run_id
        from course_link
        inner join course_registration using (course_registration_id)
        where token_hash = $1 and erased_at is null
        """,
        token_hash,
    )
    return Opened(*row) if row else None


async def forget_unconfirmed(transaction: Connection, now: datetime, most: int) -> int:
    """Delete registrations that nobody has confirmed in time, with their links; return how many."""
    deleted: str = await transaction.execute(
        """
        delete from course_registration where course_registration_id in (
            select course_registration_id from course_registration
            where
                state = 'requested'
                and requested_at <= $1::timestamptz - make_interval(hours => $2)
            order by requested_at
            limit $3
            for update skip locked
        )
        """,
        now,
        UNCONFIRMED_HOURS,
        most,
    )
    return _count(deleted)


async def erase_participants(transaction: Connection, now: datetime, most: int) -> int:
    """Erase the names, addresses and links of runs that are long over; return of how many people.

    What is left says how many took part, and nobody who.
    """
    erased: str = await transaction.execute(
        """
        with over as (
            select course_registration_id from course_registration
            inner join course_run using (course_run_id)
            where erased_at is null and last_ends_at <= $1::timestamptz - make_interval(days => $2)
            limit $3
            for update of course_registration skip locked
        ),
        closed as (
            delete from course_link using over
            where course_link.course_registration_id = over.course_registration_id
        )
        update course_registration
        set name = '', email = null, phone = '', refusal = '', erased_at = $1
        from over
        where course_registration.course_registration_id = over.course_registration_id
        """,
        now,
        RETENTION_DAYS,
        most,
    )
    return _count(erased)


async def erase_participant(
    transaction: Connection, course_registration_id: UUID, now: datetime
) -> None:
    """Erase one person's name, addresses and links; how the registration stood stays."""
    await transaction.execute(
        "delete from course_link where course_registration_id = $1", course_registration_id
    )
    await transaction.execute(
        """
        update course_registration
        set name = '', email = null, phone = '', refusal = '', erased_at = $2
        where course_registration_id = $1
        """,
        course_registration_id,
        now,
    )


async def delete_unconfirmed(transaction: Connection, course_registration_id: UUID) -> bool:
    """Delete a registration that was never confirmed, with its links; tell whether it was one."""
    deleted: str = await transaction.execute(
        """
        delete from course_registration
        where course_registration_id = $1 and state = 'requested'
        """,
        course_registration_id,
    )
    return _count(deleted) == 1


def _count(tag: str) -> int:
    return int(tag.rsplit(maxsplit=1)[-1])
