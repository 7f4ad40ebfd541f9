"""Reads registrations together with their run, for mails and for staff."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

import msgspec

from services.events.courses.model import RegistrationState
from shared.database import Connection


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """A registration as a mail to its participant needs it."""

    course_registration_id: UUID
    version: int
    state: RegistrationState
    name: str
    email: str
    refusal: str
    is_substitute: bool
    offered_until: datetime | None
    requested_at: datetime
    course_run_id: UUID
    title: str
    price: str
    is_cancelled: bool
    held_on: list[date]
    starts_at: time
    ends_at: time
    zone: str
    place_name: str
    place_address: str
    withdrawal_days: int
    previous_starts_at: datetime | None


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """A registration as staff see it in a list."""

    course_registration_id: UUID
    state: RegistrationState
    name: str
    email: str
    """Empty where there is none."""
    phone: str
    requested_at: datetime
    confirmed_at: datetime | None
    waits_since: datetime | None
    offered_until: datetime | None
    substitutes_name: str
    """Whose place it was, empty where it is nobody's."""
    certificate_requested_at: datetime | None
    undeliverable_at: datetime | None
    """When a mail to this address was refused for good the last time."""


class Told(msgspec.Struct, frozen=True):
    """How many people hear of a change of a run."""

    registered: int
    offered: int
    waitlisted: int
    proof_pending: int
    without_email: int
    """How many of them have none, and must be telephoned."""

    @property
    def everybody(self) -> int:
        """Return how many that are together."""
        return self.registered + self.offered + self.waitlisted + self.proof_pending


async def addressees(
    connection: Connection, course_registration_ids: Sequence[UUID]
) -> list[Addressee]:
    """Return those of these registrations that exist and were not erased."""
    rows = await connection.fetch(
        """
        select
            course_registration_id, registration.version, registration.state, name,
            coalesce(email, '') as email, refusal,
            substitutes_id is not null as is_substitute, offered_until, requested_at,
            course_run_id, title, price, run.state = 'cancelled' as is_cancelled,
            held_on, starts_at, ends_at, zone, place_name, place_address, withdrawal_days,
            previous_starts_at
        from course_registration as registration
        inner join course_run as run using (course_run_id)
        inner join course using (course_id)
        where course_registration_id = any($1) and erased_at is null
        """,
        course_registration_ids,
    )
    return [Addressee(**row) for row in rows]


async def of_run(
    connection: Connection, course_run_id: UUID, states: Sequence[RegistrationState]
) -> list[Participant]:
    """Return the registrations of a run in these states: who waits in their order, then by name."""
    rows = await connection.fetch(
        """
        select
            own.course_registration_id, own.state, own.name, coalesce(own.email, '') as email,
            own.phone, own.requested_at, own.confirmed_at, own.waits_since, own.offered_until,
            coalesce(other.name, '') as substitutes_name, own.certificate_requested_at,
            own.undeliverable_at
        from course_registration as own
        left join course_registration as other
            on own.substitutes_id = other.course_registration_id
        where own.course_run_id = $1 and own.state = any($2)
        order by own.waits_since, lower(own.name), own.course_registration_id
        """,
        course_run_id,
        states,
    )
    return [Participant(**row) for row in rows]


async def named(
    connection: Connection, course_registration_ids: Sequence[UUID]
) -> list[tuple[UUID, str]]:
    """Return those of these registrations that are confirmed and not erased, with their names."""
    rows = await connection.fetch(
        """
        select course_registration_id, name
        from course_registration
        where course_registration_id = any($1) and state <> 'requested' and erased_at is null
        """,
        course_registration_ids,
    )
    return [(row["course_registration_id"], row["name"]) for row in rows]


async def told(connection: Connection, course_run_id: UUID) -> Told:
    """Return who would hear of a change of a run."""
    row = await connection.fetchrow(
        """
        select
            count(*) filter (where state = 'registered') as registered,
            count(*) filter (where state = 'offered') as offered,
            count(*) filter (where state = 'waitlisted') as waitlisted,
            count(*) filter (where state = 'proof_pending') as proof_pending,
            count(*) filter (
                where state in ('registered', 'offered', 'waitlisted', 'proof_pending')
                and email is null
            ) as without_email
        from course_registration
        where course_run_id = $1
        """,
        course_run_id,
    )
    if row is None:
        raise LookupError(course_run_id)
    return Told(*row)


async def note_undeliverable(
    transaction: Connection, course_registration_ids: Sequence[UUID], now: datetime
) -> None:
    """Note for registrations that no mail reaches their participants."""
    await transaction.execute(
        """
        update course_registration set undeliverable_at = $2
        where course_registration_id = any($1) and erased_at is null and email is not null
        """,
        course_registration_ids,
        now,
    )
