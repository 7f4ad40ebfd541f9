"""Brings made-up people into registry as a clerk does, and waits until the others know them."""

import csv
import io
import random
import time
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from bench.system import System, until
from deploy.demo.people import Person, invent_people
from services.registry.imports.commands.confirm_import import ConfirmImport, confirm_import
from services.registry.imports.commands.start_import import StartImport, start_import
from services.registry.imports.model import State
from services.registry.imports.store import jobs
from services.registry.model import Actor
from shared.database import Pool, transaction

CLERK = Actor(subject="bench", name="Bench")
TITLES = "Personennummer;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort;Geburtsdatum"


class Brought(msgspec.Struct, frozen=True):
    """How long a list took."""

    checked_seconds: float
    imported_seconds: float
    file_mb: float


def invent(count: int, prefix: str) -> list[Person]:
    """Invent people with numbers of their own, the same ones each time."""
    invented = invent_people(random.Random(count), count, date(2027, 1, 1))  # noqa: S311 - made up
    return [
        msgspec.structs.replace(person, number=f"{prefix}-{number:06}")
        for number, person in enumerate(invented)
    ]


async def bring(system: System, people: Sequence[Person]) -> Brought:
    """Have registry's worker check a list of people and take it over."""
    content = _list_of(people)
    async with system.pool("registry", size=2) as pool:
        began = time.perf_counter()
        async with transaction(pool) as opened:
            import_id = await start_import(
                opened,
                StartImport(kind="people", file_name="personen.csv", content=content, by=CLERK),
            )
        await _reached(pool, import_id, "checked")
        checked = time.perf_counter()
        async with transaction(pool) as opened:
            await confirm_import(
                opened, ConfirmImport(import_id=import_id, only_valid=False, by=CLERK)
            )
        await _reached(pool, import_id, "imported")
        ended = time.perf_counter()
        return Brought(checked - began, ended - checked, len(content) / 1_000_000)


async def known_people(system: System, count: int) -> list[UUID]:
    """Return the ids of so many people whom registry has and recognition has heard of."""
    async with system.pool("recognition", size=1) as pool:
        if await pool.fetchval("select count(*) from known_person") < count:
            await bring(system, invent(count, f"G{count}"))
            await system.settled()
        rows = await pool.fetch(
            "select person_id from known_person order by person_id limit $1", count
        )
        return [row[0] for row in rows]


async def _reached(pool: Pool, import_id: UUID, state: State) -> None:
    async def has_reached() -> bool:
        async with pool.acquire() as connection:
            job = await jobs.get(connection, import_id)
        if job.state in {"refused", "failed", "cancelled"}:
            raise RuntimeError(f"the import has ended as {job.state}: {job.problem}")
        return job.state == state

    await until(has_reached, f"the import is not {state}")


def _list_of(people: Sequence[Person]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(TITLES.split(";"))
    writer.writerows(
        (
            person.number,
            person.salutation,
            person.given_name,
            person.family_name,
            person.email,
            person.street,
            person.postal_code,
            "Elbstadt",
            f"{person.born_on:%d.%m.%Y}",
        )
        for person in people
    )
    return text.getvalue().encode("utf-8-sig")
