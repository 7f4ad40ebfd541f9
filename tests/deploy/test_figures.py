"""The figures count what waits, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from deploy.cli import figures
from deploy.postgres.roles import OBSERVER
from shared.database import Connection, prepare
from tests.conftest import TEMPLATE, Migrated

Values = dict[tuple[str, str], float]


@asynccontextmanager
async def undone(postgres: Migrated, service: str) -> AsyncIterator[Connection]:
    """A transaction in one service's schema, with the rights to write anything."""
    async with postgres.server_connection(TEMPLATE) as connection:
        await prepare(connection)
        await connection.execute(f"set search_path = {service}, extensions")
        opened = connection.transaction()
        await opened.start()
        yield connection
        await opened.rollback()


async def read(connection: Connection, service: str) -> Values:
    found = await figures.of_service(connection, service)
    assert found is not None
    return {(one.name, one.label): round(one.value) for one in found}


async def test_facts_are_counted_with_their_age(postgres: Migrated) -> None:
    async with undone(postgres, "registry") as connection:
        await connection.execute(
            """
            insert into outbox (fact_id, subject, aggregate_id, aggregate_version, traceparent,
                body, recorded_at, published_at)
            select uuidv7(), 'facts.a.b.v1', uuidv7(), 1, '', '', now() - recorded,
                now() - published
            from (values
                (interval '70 s', null::interval),
                ('10 s', null),
                ('33 days', '32 days'),
                ('31 days', '30 days')
            ) as fact (recorded, published)
            """
        )
        found = await read(connection, "registry")

    assert found["outbox_unpublished", ""] == 2
    assert found["outbox_oldest_seconds", ""] == 70
    assert found["overdue_rows", "outbox"] == 1


async def test_what_was_taken_and_given_up_on_is_counted_with_its_age(postgres: Migrated) -> None:
    async with undone(postgres, "registry") as connection:
        await connection.execute(
            """
            insert into inbox (consumer, fact_id, received_at) values
                ('registry', uuidv7(), now() - interval '40 s'),
                ('registry', uuidv7(), now() - interval '37 days')
            """
        )
        await connection.execute(
            """
            insert into dead_letter (consumer, subject, headers, body, reason, deliveries,
                buried_at, replayed_at)
            values
                ('registry', 'a', '{}', '', 'KeyError', 5, now() - interval '90 s', null),
                ('registry', 'a', '{}', '', 'KeyError', 5, now() - interval '95 s', now())
            """
        )
        found = await read(connection, "registry")

    assert found["inbox_age_seconds", ""] == 40
    assert found["dead_letters_open", ""] == 1
    assert found["dead_letters_oldest_seconds", ""] == 90
    assert found["overdue_rows", "inbox"] == 1


async def test_mails_are_due_from_their_next_try_on(postgres: Migrated) -> None:
    async with undone(postgres, "notifier") as connection:
        await connection.execute(
            """
            insert into message (dedupe_key, purpose, calendar_event_id, calendar_event_version,
                channel, is_bulk, state, next_try_at, possible_duplicate, first_tried_at)
            select state || due, 'submission_receipt', uuidv7(), 1, 'mail', is_bulk, state,
                now() - due, state = 'failed', now()
            from (values
                ('queued', interval '100 s', false),
                ('retry', interval '-1 hour', false),
                ('retry', interval '900 s', true),
                ('withheld', interval '5 days', false),
                ('failed', interval '6 days', false)
            ) as mail (state, due, is_bulk)
            """
        )
        await connection.execute(
            "update sending_control set trouble = 'away', trouble_since = now() - interval '7 s'"
        )
        found = await read(connection, "notifier")

    assert found["mails_open", "queued"] == 1
    assert found["mails_open", "retry"] == 2
    assert found["mails_open", "failed"] == 1
    assert ("mails_open", "withheld") not in found
    assert found["mail_oldest_seconds", "personal"] == 100
    assert found["mail_oldest_seconds", "bulk"] == 900
    assert found["mail_possible_duplicates", ""] == 1
    assert found["mail_trouble_seconds", ""] == 7
    assert found["mail_paused_seconds", ""] == 0


async def test_imports_are_counted_until_they_end(postgres: Migrated) -> None:
    async with undone(postgres, "registry") as connection:
        await connection.execute(
            """
            insert into import_job (kind, file_name, content, state, created_at, created_by,
                created_by_subject)
            values
                ('people', 'a.csv', '', 'importing', now() - interval '50 s', 'x', 'x'),
                ('people', 'b.csv', '', 'checked', now() - interval '60 s', 'x', 'x')
            """
        )
        found = await read(connection, "registry")

    assert found["imports_waiting", ""] == 1
    assert found["imports_oldest_seconds", ""] == 50


async def test_what_is_late_in_events_is_seen(postgres: Migrated) -> None:
    async with undone(postgres, "events") as connection:
        await connection.execute(
            """
            insert into partner (partner_id, name, account_key, title, trust)
            values ('019a0000-0000-7000-8000-000000000001', 'late', 'A1', 'Late', 'review')
            """
        )
        await connection.execute(
            """
            insert into partner_pull (partner_id, url, every_minutes, next_at)
            values ('019a0000-0000-7000-8000-000000000001', 'https://late.example', 15,
                now() - interval '2 hours')
            """
        )
        found = await read(connection, "events")
        await connection.execute("update partner set suspended_at = now()")
        suspended = await read(connection, "events")

    assert found["pulls_overdue_seconds", ""] == 7_200
    assert suspended["pulls_overdue_seconds", ""] == 0


async def test_the_observer_counts_connections_of_others(postgres: Migrated) -> None:
    others = [await asyncpg.connect(postgres.url("events_app", TEMPLATE)) for _ in range(3)]
    observer = await asyncpg.connect(postgres.url(OBSERVER, TEMPLATE))

    seen = await figures.of_database(observer)
    for connection in (*others, observer):
        await connection.close()

    assert seen.connections > len(others)
    assert seen.most_connections >= seen.connections
    assert seen.bytes > 1_000_000
