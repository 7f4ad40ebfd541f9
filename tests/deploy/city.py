"""Stores with a person in them, which can be backed up, damaged and brought back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack
from deploy.postgres.roles import DATABASE
from services.events.courses.commands.erase_participant import EraseParticipant, erase_participant
from shared.database import Connection, prepare

MARKER = "Wilhelmine Zappendorf"
PERSON = """
insert into person (
    person_id, source_number, salutation, given_name, family_name, street, postal_code, town,
    registered_by, search, sort_key
)
values ($1, $2, '', $3, $3, '', '', '', 'test', '', '')
"""
COURSE = """
insert into course (title, description, prerequisites, organiser, price)
values ('Erste Hilfe', '', '', '', '')
returning course_id
"""
RUN = """
insert into course_run (
    course_id, state, held_on, starts_at, ends_at, zone, place_name, place_address, minimum,
    opens_at, closes_at, withdrawal_days, offer_hours, first_starts_at, last_ends_at
)
values (
    $1, 'open', array[current_date + 30], '10:00', '12:00', 'Europe/Berlin', 'Haus', '', 1,
    now() - interval '1 day', now() + interval '20 days', 7, 48,
    now() + interval '30 days', now() + interval '31 days'
)
returning course_run_id
"""
BALANCE = "insert into course_place_balance (course_run_id, maximum, taken) values ($1, 10, 1)"
REGISTRATION = """
insert into course_registration (
    course_run_id, state, name, email, consent, confirmed_at
)
values ($1, 'registered', $2, 'zappendorf@example.org', 'Ja', now())
returning course_registration_id
"""


class City:
    """Stores in which a person is, and somebody who types commands."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder
        self.key = folder / "backup.key"
        self.recipient = self.run("backup-key", str(self.key)).stdout.strip()

    def run(self, *arguments: str, **environment: str) -> Result:
        env = {"EHRENSACHE_LOCAL": str(self.stack.layout.root), **environment}
        return CliRunner().invoke(app, arguments, env=env)

    def back_up(self, *more: str) -> Path:
        shelf_of_its_own = str(self.folder / uuid4().hex)
        made = self.run("backup", "--recipient", self.recipient, "--in", shelf_of_its_own, *more)
        assert made.exit_code == 0, made.stderr
        return Path(made.stdout.strip())

    def restore(self, backup: Path, *more: str, key: Path | None = None) -> Result:
        return self.run("restore", str(backup), "--identity", str(key or self.key), *more)

    def execute(self, role: str, statement: str, *arguments: object) -> None:
        asyncio.run(self._execute(self.stack.database_url(role), statement, arguments))

    def ask(self, role: str, statement: str, *arguments: object) -> Any:
        return asyncio.run(self._ask(self.stack.database_url(role), statement, arguments))

    def as_superuser(self, statement: str) -> None:
        asyncio.run(self._execute(self.superuser_url("postgres"), statement, ()))

    def superuser_url(self, database: str = DATABASE) -> str:
        server = self.stack.process("postgres")
        assert isinstance(server, Postgres)
        return server.superuser_url(database)

    @property
    def databases(self) -> list[str]:
        return list(
            self.ask("backup", "select array_agg(datname order by datname) from pg_database")
        )

    def add_person(self) -> UUID:
        person_id = uuid4()
        self.execute("registry_app", PERSON, person_id, str(person_id), MARKER)
        return person_id

    def add_participant(self) -> tuple[UUID, UUID]:
        """Return the ids of a registration and of its run."""
        course_id = self.ask("events_app", COURSE)
        run_id = self.ask("events_app", RUN, course_id)
        self.execute("events_app", BALANCE, run_id)
        return UUID(str(self.ask("events_app", REGISTRATION, run_id, MARKER))), run_id

    def erase(self, registration_id: UUID, run_id: UUID) -> None:
        """Erase as an editor does who is asked to."""
        command = EraseParticipant(course_registration_id=registration_id, course_run_id=run_id)

        async def erase() -> None:
            async with connected(self.stack.database_url("events_app")) as connection:
                await prepare(connection)
                async with connection.transaction():
                    await erase_participant(connection, command, datetime.now(UTC))

        asyncio.run(erase())

    def name_of(self, registration_id: UUID) -> str:
        found = "select name from course_registration where course_registration_id = $1"
        return str(self.ask("events_app", found, registration_id))

    def has(self, person_id: UUID) -> bool:
        found = "select exists (select from person where person_id = $1)"
        return bool(self.ask("registry_app", found, person_id))

    async def _execute(self, url: str, statement: str, arguments: tuple[object, ...]) -> None:
        async with connected(url) as connection:
            await connection.execute(statement, *arguments)

    async def _ask(self, url: str, statement: str, arguments: tuple[object, ...]) -> Any:
        async with connected(url) as connection:
            return await connection.fetchval(statement, *arguments)


@asynccontextmanager
async def connected(url: str, **settings: str) -> AsyncIterator[Connection]:
    """Connect, with settings such as `application_name`."""
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()
