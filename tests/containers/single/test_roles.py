"""Every database role tries in the containers what is not its own, and is refused."""

from typing import cast

import asyncpg
import pytest

from deploy.local.postgres import Postgres
from deploy.postgres.roles import DATABASE
from tests.conftest import Database, Migrated
from tests.containers.system import ComposedSystem
from tests.deploy.test_roles import (
    app,
    test_a_service_adds_to_the_audit_and_reads_it,
    test_a_service_cannot_take_the_role_of_another,
    test_a_service_changes_rows_and_nothing_else,
    test_a_service_does_not_steer_the_server,
    test_a_service_may_not_wait_for_ever,
    test_a_service_reads_and_writes_rows_of_its_own_schema,
    test_a_service_sees_nothing_of_anothers_schema,
    test_an_owner_sees_nothing_of_anothers_schema,
    test_nothing_is_shared_in_the_public_schema,
)

__all__ = [
    "app",
    "test_a_service_adds_to_the_audit_and_reads_it",
    "test_a_service_cannot_take_the_role_of_another",
    "test_a_service_changes_rows_and_nothing_else",
    "test_a_service_does_not_steer_the_server",
    "test_a_service_may_not_wait_for_ever",
    "test_a_service_reads_and_writes_rows_of_its_own_schema",
    "test_a_service_sees_nothing_of_anothers_schema",
    "test_an_owner_sees_nothing_of_anothers_schema",
    "test_nothing_is_shared_in_the_public_schema",
]


class Reached:
    """The server in its container, as far as these tests ask for it."""

    def __init__(self, address: str) -> None:
        self._address = address

    def url(self, role: str, password: str, database: str) -> str:
        return f"postgres://{role}:{password}@{self._address}/{database}"


@pytest.fixture
def database(system: ComposedSystem) -> Database:
    """The system's own database; what these tests do in it is rolled back."""
    notes = system.notes
    known = {file.stem: file.read_text().strip() for file in notes.passwords.glob("*.password")}
    return Database(DATABASE, Migrated(cast("Postgres", Reached(notes.postgres)), known))


async def test_the_server_asks_everybody_for_a_password(database: Database) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database.url("events"), password="falsch")


async def test_the_server_writes_to_the_disk_and_counts_statements(system: ComposedSystem) -> None:
    wished = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "password_encryption": "scram-sha-256",
        "shared_preload_libraries": "pg_stat_statements",
        "shared_buffers": "512MB",
    }

    found = {name: await system.value(f"show {name}") for name in wished}

    assert found == wished
