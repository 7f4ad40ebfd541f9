"""Stores with a person in them, which can be backed up, damaged and brought back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack
from deploy.postgres.roles import DATABASE
from shared.database import Connection

MARKER = "Wilhelmine Zappendorf"
PERSON = """
insert into person (
    person_id, source_number, salutation, given_name, family_name, street, postal_code, town,
    registered_by, search, sort_key
)
values ($1, $2, '', $3, $3, '', '', '', 'test', '', '')
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
        asyncio.run(self._execute(self.superuser_url, statement, ()))

    @property
    def superuser_url(self) -> str:
        server = self.stack.process("postgres")
        assert isinstance(server, Postgres)
        return server.superuser_url(DATABASE)

    @property
    def databases(self) -> list[str]:
        return list(
            self.ask("backup", "select array_agg(datname order by datname) from pg_database")
        )

    def add_person(self) -> UUID:
        person_id = uuid4()
        self.execute("registry_app", PERSON, person_id, str(person_id), MARKER)
        return person_id

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
