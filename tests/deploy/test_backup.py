"""A city is backed up and brought back: whole, readable by the right people only, or not at all."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import Result

from deploy.backup import invariants, manifest, shelf
from deploy.backup.manifest import Manifest
from deploy.postgres.roles import DATABASE
from shared import audit
from shared.database import prepare
from tests.deploy.city import MARKER, City, connected


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


def test_programs_are_told_what_was_backed_up_and_brought_back(city: City) -> None:
    key, target = city.folder / f"{uuid4().hex}.key", city.folder / uuid4().hex
    shelf_of_its_own = str(city.folder / uuid4().hex)

    made_key = json.loads(city.run("backup-key", str(key), "--json").stdout)
    recipient = ("--recipient", made_key["recipient"])
    made = json.loads(
        city.run("backup", *recipient, "--in", shelf_of_its_own, "--then", "true", "--json").stdout
    )
    backup = Path(made["folder"])
    tried = city.restore(backup, "--verify", "--json", key=key)
    restored = json.loads(city.restore(backup, "--yes", "--json", key=key).stdout)
    source = ("restore-secrets", str(backup), "--identity", str(key), "--json")
    unpacked = json.loads(city.run(*source, str(target)).stdout)

    assert made_key["file"] == str(key)
    assert (made["handed_on_by"], made["deleted"]) == ("true", [])
    assert made["rows"] == sum(manifest.read(backup).rows.values()) > 0
    assert unpacked == {"folder": str(target), "made_at": made["made_at"]}
    assert json.loads(tried.stdout)["findings"] == restored["findings"] == []
    assert (json.loads(tried.stdout)["is_replaced"], restored["is_replaced"]) == (False, True)
    assert restored["kept_as"] in city.databases
    assert "restoring the database …" in tried.stderr.splitlines()


def test_a_backup_is_not_put_in_the_place_of_the_database_without_a_yes(city: City) -> None:
    backup, before = city.back_up(), city.databases

    refused = city.restore(backup)

    assert refused.exit_code == 2
    assert "say --yes" in refused.stderr
    assert city.databases == before


def test_after_a_restore_mails_wait_for_a_person(city: City) -> None:
    backup = city.back_up()

    city.restore(backup, "--yes")

    paused_by = city.ask("notifier_app", "select paused_by from sending_control")
    city.execute("notifier_app", "update sending_control set paused_at = null, paused_by = ''")
    assert paused_by == "Wiederherstellung"


def test_who_was_erased_stays_erased(city: City) -> None:
    registration, run = city.add_participant()
    backup = city.back_up()
    city.erase(registration, run)

    restored = city.restore(backup, "--yes")

    assert restored.exit_code == 0, restored.stderr
    assert "1 people who were erased since then are erased again" in restored.stderr
    assert city.name_of(registration) == ""
    assert city.run("verify").exit_code == 0


def test_who_was_erased_stays_erased_though_the_database_is_lost(city: City) -> None:
    registration, run = city.add_participant()
    shelf_of_both = str(city.folder / uuid4().hex)
    older = city.back_up("--in", shelf_of_both)
    city.erase(registration, run)
    noted = manifest.read(city.back_up("--in", shelf_of_both)).erased
    city.as_superuser(f"drop database {DATABASE} with (force)")

    restored = city.restore(older, "--yes")

    assert registration in {one.course_registration_id for one in noted}
    assert restored.exit_code == 0, restored.stderr
    assert city.name_of(registration) == ""


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
    assert shelf.tried_seconds(backup.parent, datetime.now(UTC)) < 60


def test_nothing_is_replaced_while_a_service_is_connected(city: City) -> None:
    backup, before = city.back_up(), city.databases

    async def meanwhile() -> Result:
        url = city.stack.database_url("registry_app")
        async with connected(url, application_name="registry-api"):
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
    assert "is not what was written" in refused.stderr
    assert city.databases == before


def test_another_key_reads_nothing(city: City) -> None:
    backup, before = city.back_up(), city.databases
    another = city.folder / f"{uuid4().hex}.key"
    city.run("backup-key", str(another))

    refused = city.restore(backup, "--yes", key=another)

    assert refused.exit_code == 1
    assert "cannot be decrypted" in refused.stderr
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

    refused = city.restore(backup, "--yes", "--json")

    found = "1 people whom recognition knows in a later version"
    assert refused.exit_code == 1
    assert found in refused.stderr
    assert found in json.loads(refused.stdout)["findings"][0]
    assert city.databases == before


def test_the_backup_of_a_later_version_does_not_come_back(city: City) -> None:
    owner, later = "events_owner", "9999"
    city.execute(owner, "insert into schema_migrations (version) values ($1)", later)
    backup, before = city.back_up(), city.databases
    city.execute(owner, "delete from schema_migrations where version = $1", later)

    refused = city.restore(backup, "--yes")

    assert refused.exit_code == 1
    assert "events has migrations that this version does not know: 9999" in refused.stderr
    assert city.databases == before


async def test_an_audit_that_was_changed_is_found(city: City) -> None:
    async with connected(city.superuser_url()) as connection:
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
    assert "is not empty" in again.stderr


def test_secrets_that_lie_in_folders_of_their_own_come_along(city: City) -> None:
    notes, everything = city.stack.notes, city.folder / uuid4().hex
    shutil.copytree(notes.passwords, everything / "passwords")
    (everything / "ticket.key").write_text("signs tickets")
    named = {
        "EHRENSACHE_POSTGRES": notes.postgres,
        "EHRENSACHE_PASSWORDS": str(everything / "passwords"),
        "EHRENSACHE_NATS_URL": notes.nats_url,
        "EHRENSACHE_BUS_KEYS": str(notes.bus_keys),
        "EHRENSACHE_SECRETS_FOLDER": str(everything),
        "EHRENSACHE_BACKUPS": str(city.folder / uuid4().hex),
    }
    target = city.folder / uuid4().hex

    made = city.run("backup", "--recipient", city.recipient, **named)
    source = ("restore-secrets", made.stdout.strip(), "--identity", str(city.key))
    city.run(*source, str(target))

    assert (target / "secrets" / "ticket.key").read_text() == "signs tickets"
    assert (target / "secrets" / "passwords" / "backup.password").is_file()
    assert (target / "bus-keys" / "users").is_dir()


def test_a_backup_is_handed_on_or_the_command_says_why_not(city: City) -> None:
    elsewhere = city.folder / uuid4().hex

    backup = city.back_up("--then", f"cp -r {{}} {elsewhere}")
    failed = city.run(
        *("backup", "--recipient", city.recipient, "--in", str(city.folder / uuid4().hex)),
        *("--then", "sh -c 'echo no room >&2; exit 7'"),
    )

    assert manifest.read(elsewhere) == manifest.read(backup)
    unreadable = city.run("backup", "--recipient", city.recipient, "--then", "cp '{}")
    assert failed.exit_code == 1
    assert "ended with 7: no room" in failed.stderr
    assert unreadable.exit_code == 2


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
        "ehrensache-20261007T120000.000000Z",
        "ehrensache-20261017T120000.000000Z",
    ]
    assert much_later == []
    assert [one.folder.name for one in shelf.backups(tmp_path)] == [
        "ehrensache-20261106T120000.000000Z"
    ]


def test_an_unfinished_backup_does_not_count(city: City, tmp_path: Path) -> None:
    begun = shelf.begin(tmp_path, datetime.now(UTC))

    refused = city.restore(begun, "--verify")

    assert shelf.backups(tmp_path) == []
    assert refused.exit_code == 1
    assert "is no finished backup" in refused.stderr


def put(folder: Path, made_at: datetime) -> None:
    """Put an empty backup on a shelf."""
    what = Manifest(made_at=made_at, version="0", rows={}, audit_heads={}, erased=[], files=[])
    shelf.finish(shelf.begin(folder, made_at), what)
