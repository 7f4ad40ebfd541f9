"""Measures the import of a whole city's people through registry's worker."""

import time
from collections.abc import Sequence
from uuid import uuid4

from bench.figures import Figure
from bench.people import bring, invent
from bench.system import System
from deploy.demo.people import Person

PEOPLE = 150_000
SECONDS = 60
BARE_TABLE = """
create table bare_person (
    person_id uuid primary key, source_number text unique, salutation text, given_name text,
    family_name text, email text, street text, postal_code text, town text, born_on date
)
"""


async def measure(system: System) -> list[Figure]:
    """Return how long the dry run and the import take, and until recognition knows everybody."""
    people = invent(PEOPLE, "E")
    await system.make("registry", BARE_TABLE)
    brought = await bring(system, people)
    imported_at = time.perf_counter()
    await system.settled()
    heard = time.perf_counter() - imported_at
    bare = await _copy(system, people)
    return [
        Figure(
            what=f"dry run of {PEOPLE:,} people ({brought.file_mb:.0f} MB)",
            value=brought.checked_seconds,
            unit="s",
        ),
        Figure(
            what=f"import of {PEOPLE:,} people",
            value=brought.imported_seconds,
            unit="s",
            bound=bare,
            bound_is="s, COPY of the same rows into a bare table",
            budget=f"≤ {SECONDS} s",
            is_kept=brought.imported_seconds <= SECONDS,
        ),
        Figure(what="recognition knows all of them, after the import", value=heard, unit="s"),
    ]


async def _copy(system: System, people: Sequence[Person]) -> float:
    rows = [
        (
            uuid4(),
            person.number,
            person.salutation,
            person.given_name,
            person.family_name,
            person.email,
            person.street,
            person.postal_code,
            "Elbstadt",
            person.born_on,
        )
        for person in people
    ]
    async with system.pool("registry", size=1) as pool, pool.acquire() as connection:
        began = time.perf_counter()
        await connection.copy_records_to_table("bare_person", records=rows)
        return time.perf_counter() - began
