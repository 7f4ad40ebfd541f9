"""Migrations are applied once, one job at a time, and a failing one names itself."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from deploy.postgres import migrate, roles
from tests.conftest import Migrated


@pytest.fixture(scope="module")
async def owner_urls(postgres: Migrated) -> dict[str, str]:
    """An empty database with schemas and no tables."""
    database = "unmigrated"
    await roles.ensure(postgres.server.superuser_url(), postgres.passwords, database)
    return {service: postgres.url(f"{service}_owner", database) for service in roles.SERVICES}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with the real kit and one migration of the registry."""
    shutil.copytree(migrate.ROOT / "shared" / "migrations", tmp_path / "shared" / "migrations")
    write(tmp_path, "registry", "0901_first.sql", "create table thing (number integer);")
    return tmp_path


def write(root: Path, service: str, name: str, statement: str) -> None:
    folder = root / "services" / service / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"-- migrate:up\n{statement}\n\n-- migrate:down\n")


async def fetch(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_jobs_at_the_same_time_migrate_once(owner_urls: dict[str, str], root: Path) -> None:
    await asyncio.gather(*(migrate.migrate(owner_urls, root) for _ in range(3)))

    applied = "select string_agg(version, ' ' order by version) from schema_migrations"
    assert str(await fetch(owner_urls["registry"], applied)).endswith(" 0901")
    assert str(await fetch(owner_urls["events"], applied)).startswith("0001")
    assert await fetch(owner_urls["registry"], "select to_regclass('registry.thing')")


async def test_a_failing_migration_names_service_file_and_reason(
    owner_urls: dict[str, str], root: Path
) -> None:
    write(root, "events", "0901_broken.sql", "create tabel oops ();")
    write(root, "notifier", "0901_good.sql", "create table good ();")

    with pytest.raises(migrate.MigrationFailed) as failure:
        await migrate.migrate(owner_urls, root)

    assert "Migrating events failed in 0901_broken.sql" in str(failure.value)
    assert 'syntax error at or near "tabel"' in str(failure.value)
    assert "notifier" not in str(failure.value)
    assert await fetch(owner_urls["notifier"], "select to_regclass('notifier.good')")


async def test_a_migration_that_failed_leaves_nothing_half_done(
    owner_urls: dict[str, str], root: Path
) -> None:
    write(root, "events", "0901_broken.sql", "create table half (); select no_such();")

    with pytest.raises(migrate.MigrationFailed):
        await migrate.migrate(owner_urls, root)

    assert await fetch(owner_urls["events"], "select to_regclass('events.half')") is None
