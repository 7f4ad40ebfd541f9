"""A city is backed up and brought back: whole, readable by the right people only, or not at all."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy.backup import invariants, manifest, shelf
from deploy.backup.manifest import Manifest
from deploy.cli.main import app
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack, Wishes
from deploy.nats import permissions, streams
from deploy.nats.session import sign_in
from deploy.postgres.roles import DATABASE
from shared import audit
from shared.database import Connection, prepare

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
        return self.ask("backup", "select array_agg(datname order by datname) from pg_database")

    def add_person(self) -> UUID:
        person_id = uuid4()
        self.execute("registry_app", PERSON, person_id, str(person_id), MARKER)
        return person_id

    def has(self, person_id: UUID) -> bool:
        found = "select exists (select from person where person_id = $1)"
        return bool(self.ask("registry_app", found, person_id))

    async def _execute(self, url: str, statement: str, arguments: tuple[object, ...]) -> None:
        async with _connected(url) as connection:
            await connection.execute(statement, *arguments)

    async def _ask(self, url: str, statement: str, arguments: tuple[object, ...]) -> Any:
        async with _connected(url) as connection:
            return await connection.fetchval(statement, *arguments)


@asynccontextmanager
async def _connected(url: str, **settings: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def city(servers_directory: Path) -> Iterator[City]:
    folder = servers_directory / "backup"
    with Stack(folder, Wishes(services=(), durable=False)) as stack:
        yield City(stack, folder)


def test_a_backup_brings_back_what_was_lost_and_keeps_what_it_replaces(city: City) -> None:
    person_id = city.add_person()
    backup = city.back_up()
    city.execute("registry_app", "delete from person where person_id = $1", person_id)
    before = city.databases

    restored = city.restore(backup, "--yes")

    assert restored.exit_code == 0, restored.stderr
    assert "every invariant holds" in restored.stdout
    assert city.has(person_id)
    kept = set(city.databases) - set(before)
    assert [name.startswith(f"{DATABASE}_before_") for name in kept] == [True]


def test_after_a_restore_mails_wait_for_a_person(city: City) -> None:
    backup = city.back_up()

    city.restore(backup, "--yes")

    paused_by = city.ask("notifier_app", "select paused_by from sending_control")
    city.execute("notifier_app", "update sending_control set paused_at = null, paused_by = ''")
    assert paused_by == "Wiederherstellung"


def test_services_work_on_a_restored_database_with_the_rights_they_had(city: City) -> None:
    city.restore(city.back_up(), "--yes")

    person_id = city.add_person()

    assert city.has(person_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        city.execute("registry_app", "delete from audit_entry")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        city.execute("events_app", "select from registry.person")
    assert city.run("migrate").exit_code == 0


def test_a_trial_restore_changes_nothing(city: City) -> None:
    backup = city.back_up()
    person_id, before = city.add_person(), city.databases

    tried = city.restore(backup, "--verify")

    assert tried.exit_code == 0, tried.stderr
    assert city.has(person_id)
    assert city.databases == before


def test_nothing_is_replaced_while_a_service_is_connected(city: City) -> None:
    backup, before = city.back_up(), city.databases

    async def meanwhile() -> Result:
        url = city.stack.database_url("registry_app")
        async with _connected(url, application_name="registry-api"):
            return await asyncio.to_thread(city.restore, backup, "--yes")

    refused = asyncio.run(meanwhile())

    assert refused.exit_code == 1
    assert "registry-api" in refused.stderr
    assert city.databases == before


@pytest.mark.parametrize("name", ["database.dump.age", "secrets.tar.age"])
def test_a_damaged_backup_is_refused(city: City, name: str) -> None:
    backup, before = city.back_up(), city.databases
    content = bytearray((backup / name).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / name).write_bytes(content)

    refused = city.restore(backup, "--yes")

    assert refused.exit_code == 1
    assert "is not what was written" in refused.stderr.replace("\n", " ")
    assert city.databases == before


def test_another_key_reads_nothing(city: City) -> None:
    backup, before = city.back_up(), city.databases
    another = city.folder / f"{uuid4().hex}.key"
    city.run("backup-key", str(another))

    refused = city.restore(backup, "--yes", key=another)

    assert refused.exit_code == 1
    assert "cannot be decrypted" in refused.stderr.replace("\n", " ")
    assert city.databases == before


def test_what_breaks_an_invariant_does_not_come_back(city: City) -> None:
    stranger = uuid4()
    city.execute(
        "recognition_app",
        """
        insert into known_person (person_id, version, given_name, family_name, has_email)
        values ($1, 3, 'Nie', 'Gemeldet', false)
        """,
        stranger,
    )
    backup, before = city.back_up(), city.databases
    city.execute("recognition_app", "delete from known_person where person_id = $1", stranger)

    refused = city.restore(backup, "--yes")

    assert refused.exit_code == 1
    assert "1 people whom recognition knows in a later version" in refused.stderr
    assert city.databases == before


async def test_an_audit_that_was_changed_is_found(city: City) -> None:
    async with _connected(city.superuser_url) as connection:
        await prepare(connection)
        undo = connection.transaction()
        await undo.start()
        await connection.execute("set local search_path = registry")
        await audit.note(connection, actor="a", action="look", concerns="person:1")
        assert await invariants.broken(connection) == []

        await connection.execute("update registry.audit_entry set actor = 'b'")

        assert [finding for finding in await invariants.broken(connection) if "audit" in finding]
        await undo.rollback()


def test_nothing_of_a_backup_can_be_read_without_the_key(city: City) -> None:
    city.add_person()
    secret = (city.stack.layout.secrets / "registry_app.password").read_bytes().strip()

    files = [file.read_bytes() for file in city.back_up().iterdir()]

    assert len(files) == 3
    assert not [content for content in files if MARKER.encode() in content or secret in content]


def test_the_secrets_come_out_as_they_went_in(city: City) -> None:
    backup, target = city.back_up(), city.folder / uuid4().hex

    city.run("restore-secrets", str(backup), "--identity", str(city.key), str(target))
    again = city.run("restore-secrets", str(backup), "--identity", str(city.key), str(target))

    source = city.stack.layout.secrets
    names = [file.relative_to(source) for file in source.rglob("*") if file.is_file()]
    assert names
    for name in names:
        unpacked = target / "secrets" / name
        assert unpacked.read_bytes() == (source / name).read_bytes()
        assert unpacked.stat().st_mode & 0o077 == 0
    assert again.exit_code == 1
    assert "is not empty" in again.stderr.replace("\n", " ")


def test_a_backup_is_handed_on_or_the_command_says_why_not(city: City) -> None:
    elsewhere = city.folder / uuid4().hex

    backup = city.back_up("--then", f"cp -r {{}} {elsewhere}")
    failed = city.run(
        *("backup", "--recipient", city.recipient, "--in", str(city.folder / uuid4().hex)),
        *("--then", "sh -c 'echo no room >&2; exit 7'"),
    )

    assert manifest.read(elsewhere) == manifest.read(backup)
    assert failed.exit_code == 1
    assert "ended with 7: no room" in failed.stderr.replace("\n", " ")


def test_without_a_usable_recipient_there_is_no_backup(city: City) -> None:
    folder = city.folder / uuid4().hex

    refused = city.run("backup", "--recipient", "age1nobody", "--in", str(folder))

    assert refused.exit_code == 1
    assert "age1nobody is no recipient" in refused.stderr
    assert not folder.exists()


def test_a_key_is_never_overwritten(city: City) -> None:
    before = city.key.read_bytes()

    refused = city.run("backup-key", str(city.key))

    assert refused.exit_code == 1
    assert city.key.read_bytes() == before
    assert city.key.stat().st_mode & 0o077 == 0


def test_who_backs_up_cannot_write(city: City) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        city.execute("backup", "delete from registry.person")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        city.execute("backup", "begin read write; delete from registry.person")


def test_old_backups_go_but_never_the_newest(tmp_path: Path) -> None:
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for days in (50, 40, 20):
        put(tmp_path, now - timedelta(days=days))

    gone = shelf.forget(tmp_path, 30, now)
    much_later = shelf.forget(tmp_path, 30, now + timedelta(days=400))

    assert [folder.name for folder in gone] == [
        "ehrensache-20261007T120000Z",
        "ehrensache-20261017T120000Z",
    ]
    assert much_later == []
    assert [one.folder.name for one in shelf.backups(tmp_path)] == ["ehrensache-20261106T120000Z"]


def test_an_unfinished_backup_does_not_count(city: City, tmp_path: Path) -> None:
    begun = shelf.begin(tmp_path, datetime.now(UTC))

    refused = city.restore(begun, "--verify")

    assert shelf.backups(tmp_path) == []
    assert refused.exit_code == 1
    assert "is no finished backup" in refused.stderr.replace("\n", " ")


def test_a_lost_stream_is_filled_again(city: City) -> None:
    fact_id = uuid4()
    city.execute(
        "registry_app",
        """
        insert into outbox (
            fact_id, subject, aggregate_id, aggregate_version, traceparent, body, published_at
        )
        values ($1, 'facts.registry.person_changed.v1', $1, 1, '', '{}', now())
        """,
        fact_id,
    )

    async def lose() -> None:
        client = await _provisioner(city)
        await client.jetstream().delete_stream(streams.FACTS)
        await client.close()

    async def durables() -> set[str]:
        client = await _provisioner(city)
        found = await client.jetstream().consumers_info(streams.FACTS)
        await client.close()
        return {info.name for info in found}

    asyncio.run(lose())
    rebuilt = city.run("rebuild")

    waits = "select published_at is null from outbox where fact_id = $1"
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert city.ask("registry_app", waits, fact_id)
    assert asyncio.run(durables()) == {"registry", "recognition", "events", "notifier"}
    city.execute("registry_app", "delete from outbox")


def test_copies_in_doubt_are_told_again(city: City) -> None:
    person_id = city.add_person()
    city.execute(
        "recognition_app",
        """
        insert into known_person (person_id, version, given_name, family_name, has_email)
        values ($1, 1, 'Falsch', 'Geschrieben', false)
        """,
        person_id,
    )

    rebuilt = city.run("rebuild", "--copies")

    body = city.ask("registry_app", "select body from outbox where aggregate_id = $1", person_id)
    version = city.ask(
        "recognition_app", "select version from known_person where person_id = $1", person_id
    )
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert json.loads(body) == {"version": 1, "person_id": str(person_id)}
    assert version == 0
    city.execute("recognition_app", "delete from known_person")
    city.execute("registry_app", "delete from outbox")


def put(folder: Path, made_at: datetime) -> None:
    """Put an empty backup on a shelf."""
    what = Manifest(made_at=made_at, version="0", migrations={}, rows={}, audit_heads={}, files=[])
    shelf.finish(shelf.begin(folder, made_at), what)


async def _provisioner(city: City) -> Any:
    return await sign_in(
        city.stack.notes.nats_url, city.stack.notes.bus_keys, permissions.PROVISIONER
    )
