"""Applies the kit's and each service's migrations with dbmate, one job at a time."""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
LOCK = 0x45485245
"""The advisory lock that one migration job holds: "EHRE" as a number."""

SEAL = """
do $$
begin
    if to_regclass('audit_entry') is not null then
        revoke update, delete on audit_entry from {service}_app;
    end if;
    revoke insert, update, delete on schema_migrations from {service}_app;
    if exists (select from pg_roles where rolname = 'observer') then
        grant usage on schema {service} to observer;
        if to_regclass('own_figure') is not null then
            grant select on kit_figure, own_figure to observer;
        end if;
        if to_regclass('sending_control') is not null then
            grant select (trouble, paused_at) on sending_control to observer;
        end if;
    end if;
end
$$
"""


class MigrationFailed(RuntimeError):
    """A migration was refused; the message names service, file and the server's reason."""


async def migrate(owner_urls: Mapping[str, str], root: Path = ROOT) -> None:
    """Apply every migration that has not been applied yet; wait for another job to end first.

    Args:
        owner_urls: for each service, where its `<service>_owner` reaches the database.
        root: holds `shared/migrations` and `services/<service>/migrations`.

    Raises:
        MigrationFailed: names all services that failed; the others are migrated.
    """
    guard = await asyncpg.connect(next(iter(owner_urls.values())))
    try:
        await guard.execute("set lock_timeout = 0")
        await guard.execute("select pg_advisory_lock($1)", LOCK)
        failures = await asyncio.gather(
            *(_migrate_one(service, url, root) for service, url in owner_urls.items())
        )
    finally:
        await guard.close()
    if problems := [failure for failure in failures if failure]:
        raise MigrationFailed("\n".join(problems))


async def versions(owner_urls: Mapping[str, str]) -> dict[str, str]:
    """Return the newest version that each service's schema has."""
    found = {}
    for service, url in owner_urls.items():
        owner = await asyncpg.connect(url)
        try:
            found[service] = await owner.fetchval("select max(version) from schema_migrations")
        finally:
            await owner.close()
    return found


def folders(service: str, root: Path = ROOT) -> list[Path]:
    """Return where the migrations of a service's schema stand, the kit's first."""
    both = (root / "shared" / "migrations", root / "services" / service / "migrations")
    return [folder for folder in both if folder.is_dir()]


async def _migrate_one(service: str, url: str, root: Path) -> str | None:
    """Return why a service could not be migrated, or nothing."""
    process = await asyncio.create_subprocess_exec(
        _dbmate(),
        *(part for folder in folders(service, root) for part in ("-d", os.fspath(folder))),
        *("--migrations-table", f"{service}.schema_migrations"),
        *("--no-dump-schema", "migrate", "--strict"),
        env={**os.environ, "PGSSLMODE": "disable", "DATABASE_URL": url},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        return _problem(service, output.decode(errors="replace"))
    await _seal(service, url)
    return None


async def _seal(service: str, url: str) -> None:
    """Take from the service what its rows must be safe from: rewriting the audit, the versions.

    The observer is given the figures, if there is one: an older database has none before the next
    `ehrensache migrate --superuser-url-file`.
    """
    owner = await asyncpg.connect(url)
    try:
        await owner.execute(SEAL.format(service=service))
    finally:
        await owner.close()


def _problem(service: str, output: str) -> str:
    lines = output.strip().splitlines() or ["dbmate ended without a word"]
    started = [line.removeprefix("Applying: ") for line in lines if line.startswith("Applying: ")]
    where = f" in {started[-1]}" if started else ""
    return f"Migrating {service} failed{where}: {lines[-1].removeprefix('Error: ')}"


def _dbmate() -> str:
    beside_python = Path(sys.executable).parent / "dbmate"
    found = os.fspath(beside_python) if beside_python.exists() else shutil.which("dbmate")
    if found is None:
        raise MigrationFailed("dbmate is not installed: install the extra 'operator'")
    return found
