"""Keeps who takes part in runs, wants to, or did."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.courses.model import Registration, RegistrationState
from services.events.courses.refusals import RegistrationUnknown
from shared.database import Connection


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to take part, as typed."""

    name: str
    email: str
    consent: str
    """Which version of the notice about data they have agreed to."""


async def find_counting(
    transaction: Connection, course_run_id: UUID, email: str
) -> Registration | None:
    """Lock and return the registration of an address that counts for something; None if none."""
    row = await transaction.fetchrow(
        """
        select
            course_registration_id, course_run_id, version, state, name, email, linked_at,
            confirmed_at, waits_since, offered_until, substitutes_id, certificate_requested_at,
            phone, proof_seen_at, refusal
        from course_registration
        where
            course_run_id = $1
            and lower(email) = lower($2)
            and state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered')
        for no key update
        """,
        course_run_id,
        email,
    )
    return Registration(**row) if row else None


async def add_requested(
    transaction: Connection, course_run_id: UUID, applicant: Applicant
) -> UUID | None:
    """Enter a registration that is not confirmed; None if the address has one already."""
    made: UUID | None = await transaction.fetchval(
        """
        insert into course_registration (course_run_id, name, email, consent)
        values ($1, $2, $3, $4)
        on conflict (course_run_id, lower(email))
            where state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered')
            do nothing
        returning course_registration_id
        """,
        course_run_id,
        applicant.name,
        applicant.email,
        applicant.consent,
    )
    return made


async def add_substitute(
    transaction: Connection, replaced: Registration, applicant: Applicant, now: datetime
) -> UUID | None:
    """Enter who takes over a place; None if the address has a registration already."""
    made: UUID | None = await transaction.fetchval(
        """
        insert into course_registration (
            course_run_id, state, name, email, consent, confirmed_at, substitutes_id
        )
        values ($1, 'registered', $2, $3, $4, $5, $6)
        on conflict (course_run_id, lower(email))
            where state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered')
            do nothing
        returning course_registration_id
        """,
        replaced.course_run_id,
        applicant.name,
        applicant.email,
        applicant.consent,
        now,
        replaced.course_registration_id,
    )
    return made


async def get(connection: Connection, course_registration_id: UUID) -> Registration:
    """Return a registration as it stands, without locking it.

    Raises:
        RegistrationUnknown: there is none.
    """
    row = await connection.fetchrow(
        """
        select
            course_registration_id, course_run_id, version, state, name, email, linked_at,
            confirmed_at, waits_since, offered_until, substitutes_id, certificate_requested_at,
            phone, proof_seen_at, refusal
        from course_registration
        where course_registration_id = $1
        """,
        course_registration_id,
    )
    if row is None:
        raise RegistrationUnknown
    return Registration(**row)


async def lock(transaction: Connection, course_registration_id: UUID) -> Registration:
    """Return a registration and keep others from changing it until the transaction ends.

    Raises:
        RegistrationUnknown: there is none.
    """
    row = await transaction.fetchrow(
        """
        select
            course_registration_id, course_run_id, version, state, name, email, linked_at,
            confirmed_at, waits_since, offered_until, substitutes_id, certificate_requested_at,
            phone, proof_seen_at, refusal
        from course_registration
        where course_registration_id = $1
        for no key update
        """,
        course_registration_id,
    )
    if row is None:
        raise RegistrationUnknown
    return Registration(**row)


async def counts_elsewhere(transaction: Connection, registration: Registration) -> bool:
    """Tell whether the address has another registration of the run that counts."""
    found = await transaction.fetchval(
        """
        select true from course_registration
        where
            course_run_id = $1
            and lower(email) = lower($2)
            and state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered')
            and course_registration_id <> $3
        """,
        registration.course_run_id,
        registration.email,
        registration.course_registration_id,
    )
    return found is not None


async def set_state(
    transaction: Connection, course_registration_id: UUID, state: RegistrationState, now: datetime
) -> int:
    """Put a locked registration into a state outside the offers and return its new version.

    Who is put on the waiting list stands at its end.
    """
    version: int = await transaction.fetchval(
        """
        update course_registration set
            version = version + 1,
            state = $2,
            waits_since = case when $2 = 'waitlisted' then $3::timestamptz end,
            offered_until = null,
            confirmed_at = coalesce(confirmed_at, $3)
        where course_registration_id = $1
        returning version
        """,
        course_registration_id,
        state,
        now,
    )
    return version


async def rename_unconfirmed(
    transaction: Connection, course_registration_id: UUID, applicant: Applicant
) -> None:
    """Let what was typed last count, as long as nobody has confirmed anything."""
    await transaction.execute(
        """
        update course_registration set name = $2, consent = $3
        where course_registration_id = $1 and state = 'requested'
        """,
        course_registration_id,
        applicant.name,
        applicant.consent,
    )


async def record_attendance(
    transaction: Connection, course_run_id: UUID, attended: Sequence[UUID]
) -> list[tuple[UUID, int]]:
    """Note who was there; all others who have a place were absent.

    Whoever has asked for a certificate has attended. Returns ids and new versions of those of whom
    something else was noted before.
    """
    rows = await transaction.fetch(
        """
        update course_registration set
            version = version + 1,
            state = case
                when course_registration_id = any($2) then 'attended' else 'absent'
            end
        where
            course_run_id = $1
            and state in ('registered', 'attended', 'absent')
            and certificate_requested_at is null
            and state <> case
                when course_registration_id = any($2) then 'attended' else 'absent'
            end
        returning course_registration_id, version
        """,
        course_run_id,
        attended,
    )
    return [(row["course_registration_id"], row["version"]) for row in rows]


async def request_certificate(
    transaction: Connection, course_registration_id: UUID, now: datetime
) -> int:
    """Note that the locked registration's participant wants a certificate; return the version."""
    version: int = await transaction.fetchval(
        """
        update course_registration set version = version + 1, certificate_requested_at = $2
        where course_registration_id = $1
        returning version
        """,
        course_registration_id,
        now,
    )
    return version
