"""Every database role tries what is not its own, and is refused."""

import base64
from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.postgres import passwords, roles
from shared.database import Connection
from tests.conftest import Database, Migrated

SERVICES = roles.SERVICES
KIT_TABLES = ("outbox", "inbox", "dead_letter", "audit_entry", "schema_migrations")


@pytest.fixture(params=SERVICES)
async def app(
    request: pytest.FixtureRequest, database: Database
) -> AsyncIterator[tuple[str, Connection]]:
    """Each service in turn, connected as its `app` role, undone afterwards."""
    connection = await asyncpg.connect(database.url(request.param))
    yield request.param, connection
    await connection.close()


async def refused(connection: Connection, statement: str) -> bool:
    """Tell whether the server refuses the statement for lack of a right, and leave no trace."""
    undo = connection.transaction()
    await undo.start()
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    finally:
        await undo.rollback()
    return False


async def test_a_service_reads_and_writes_rows_of_its_own_schema(
    app: tuple[str, Connection],
) -> None:
    service, connection = app

    assert await connection.fetchval("select current_schema()") == service
    for statement in (
        "insert into inbox (consumer, fact_id) values ('me', uuidv7())",
        "update outbox set published_at = now()",
        "delete from inbox",
        "select * from dead_letter for update",
    ):
        assert not await refused(connection, statement)


async def test_a_service_sees_nothing_of_anothers_schema(app: tuple[str, Connection]) -> None:
    service, connection = app

    for other in SERVICES:
        for table in KIT_TABLES:
            is_foreign = other != service
            assert await refused(connection, f"table {other}.{table}") is is_foreign
            if is_foreign:
                assert await refused(connection, f"truncate {other}.{table}")


async def test_an_owner_sees_nothing_of_anothers_schema(database: Database) -> None:
    for service in SERVICES:
        connection = await asyncpg.connect(database.url(service, "owner"))
        for other in SERVICES:
            foreign = other != service
            assert await refused(connection, f"table {other}.outbox") is foreign
            assert await refused(connection, f"create table {other}.mine ()") is foreign
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "truncate outbox",
        "drop table inbox",
        "alter table outbox add column more text",
        "create table mine ()",
        "create table public.mine ()",
        "create table extensions.mine ()",
        "create temporary table mine ()",
        "create schema mine",
        "create extension hstore",
        "create role mine",
        "create index mine on outbox (subject)",
        "create trigger mine after insert on outbox execute function announce_outbox()",
        "update audit_entry set actor = 'nobody'",
        "delete from audit_entry",
        "truncate audit_entry",
        "insert into schema_migrations values ('9999')",
        "delete from schema_migrations",
        "set role postgres",
        "copy outbox to program 'true'",
        "select pg_read_file('/etc/passwd')",
        "select rolpassword from pg_authid",
    ],
)
async def test_a_service_changes_rows_and_nothing_else(
    app: tuple[str, Connection], statement: str
) -> None:
    _, connection = app

    assert await refused(connection, statement)


@pytest.mark.parametrize("statement", ["create database mine", "alter system set fsync = off"])
async def test_a_service_does_not_steer_the_server(
    app: tuple[str, Connection], statement: str
) -> None:
    _, connection = app

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


async def test_a_service_cannot_take_the_role_of_another(app: tuple[str, Connection]) -> None:
    service, connection = app

    for role in roles.ROLES:
        if role != f"{service}_app":
            assert await refused(connection, f"set local role {role}")


async def test_a_service_adds_to_the_audit_and_reads_it(app: tuple[str, Connection]) -> None:
    _, connection = app
    entry = """
        insert into audit_entry (actor, action, concerns, previous_hash, hash)
        values ('a', 'b', 'c', '', '')
    """

    assert not await refused(connection, entry)
    assert not await refused(connection, "select * from audit_entry")


async def test_a_service_may_not_wait_for_ever(app: tuple[str, Connection]) -> None:
    _, connection = app

    assert await connection.fetchval("show statement_timeout") == "5s"
    assert await connection.fetchval("show lock_timeout") == "2s"
    assert await connection.fetchval("show idle_in_transaction_session_timeout") == "15s"


async def test_what_the_server_refuses_is_logged_without_values(
    app: tuple[str, Connection], postgres: Migrated
) -> None:
    service, connection = app
    secret = f"Geheimname von {service}"
    entry = "insert into inbox (consumer, fact_id) values ($1, $2)"
    fact_id = "019ac7f2-0000-7000-8000-000000000000"

    async with connection.transaction():
        await connection.execute(entry, secret, fact_id)
        with pytest.raises(asyncpg.UniqueViolationError):
            async with connection.transaction():
                await connection.execute(entry, secret, fact_id)
        await connection.execute("delete from inbox where consumer = $1", secret)

    log = postgres.server.log.read_text()
    assert f"{service}_app" in log
    assert "duplicate key value violates unique constraint" in log
    assert secret not in log
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("set log_error_verbosity = 'verbose'")


async def test_extensions_are_found_without_naming_their_schema(
    app: tuple[str, Connection],
) -> None:
    _, connection = app

    assert await connection.fetchval("select unaccent('Straße für Änne')") == "Strasse fur Anne"
    assert await connection.fetchval("select similarity('Müller', 'Mueller')") > 0


async def test_nothing_is_shared_in_the_public_schema(app: tuple[str, Connection]) -> None:
    _, connection = app

    assert not await connection.fetchval("select has_schema_privilege('public', 'usage')")


async def test_a_role_without_a_service_may_not_connect(
    database: Database, postgres: Migrated
) -> None:
    administrator = await asyncpg.connect(postgres.server.superuser_url())
    await administrator.execute("create role stranger with login password 'strange'")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(postgres.server.url("stranger", "strange", database.name))

    await administrator.execute("drop role stranger")
    await administrator.close()


async def test_a_changed_password_replaces_the_old_one(postgres: Migrated) -> None:
    administrator = postgres.server.superuser_url()
    changed = postgres.passwords | {"events_app": "changed"}
    database = "changed_password"

    await roles.ensure(administrator, changed, database)

    connection = await asyncpg.connect(postgres.server.url("events_app", "changed", database))
    await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url("events_app", database))
    await roles.ensure(administrator, postgres.passwords, database)
    await (await asyncpg.connect(postgres.url("events_app", database))).close()


async def test_the_server_is_never_told_a_password(postgres: Migrated) -> None:
    administrator = await asyncpg.connect(postgres.server.superuser_url())

    stored = await administrator.fetchval(
        "select rolpassword from pg_authid where rolname = 'events_app'"
    )

    salt = stored.split("$")[1].split(":")[1]
    assert stored.startswith("SCRAM-SHA-256$4096:")
    assert postgres.passwords["events_app"] not in postgres.server.log.read_text()
    assert (
        passwords.scram_verifier(postgres.passwords["events_app"], base64.b64decode(salt)) == stored
    )
    await administrator.close()


async def test_the_observer_reads_figures_and_no_row(database: Database) -> None:
    observer = await asyncpg.connect(database.postgres.url(roles.OBSERVER, database.name))

    for service in SERVICES:
        for view in ("kit_figure", "own_figure"):
            assert not await refused(observer, f"table {service}.{view}")
        assert await refused(observer, f"create table {service}.mine ()")
        for table in KIT_TABLES:
            assert await refused(observer, f"table {service}.{table}")
    assert await refused(observer, "select email from registry.person")
    assert await refused(observer, "select paused_by from notifier.sending_control")
    assert await refused(observer, "set role registry_app")
    assert not await refused(observer, "select trouble from notifier.sending_control")
    await observer.close()
