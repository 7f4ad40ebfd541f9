"""Keeps what staff enter and decide about participants."""

from datetime import datetime
from uuid import UUID

import msgspec

from shared.database import Connection


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who telephones and wants to take part."""

    name: str
    email: str | None
    """None: there is none."""
    phone: str
    """Not empty where there is no e-mail."""
    consent: str
    """Which version of the notice about data was read out."""


async def add(transaction: Connection, course_run_id: UUID, caller: Caller) -> UUID | None:
    """Enter somebody; None if the address has a registration that counts.

    One that nobody has confirmed yet is taken over instead.
    """
    made: UUID | None = await transaction.fetchval(
        """
        insert into course_registration as known (course_run_id, name, email, phone, consent)
        values ($1, $2, $3, $4, $5)
        on conflict (course_run_id, lower(email))
            where state in ('requested', 'proof_pending', 'registered', 'waitlisted', 'offered')
            do update
            set name = excluded.name, phone = excluded.phone, consent = excluded.consent
            where known.state = 'requested'
        returning course_registration_id
        """,
        course_run_id,
        caller.name,
        caller.email,
        caller.phone,
        caller.consent,
    )
    return made


async def note_proof(transaction: Connection, course_registration_id: UUID, now: datetime) -> None:
    """Note that staff have seen somebody's proof of engagement."""
    await transaction.execute(
        "update course_registration set proof_seen_at = $2 where course_registration_id = $1",
        course_registration_id,
        now,
    )


async def refuse(transaction: Connection, course_registration_id: UUID, refusal: str) -> int:
    """End a registration whose proof is not taken; return its new version."""
    version: int = await transaction.fetchval(
        """
        update course_registration set version = version + 1, state = 'refused', refusal = $2
        where course_registration_id = $1
        returning version
        """,
        course_registration_id,
        refusal,
    )
    return version
