"""Series go on and old rows go, without anybody asking."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from nats.aio.client import Client

from services.events.ical.event import WRITER
from services.events.settings import Settings
from services.events.timers import timers
from shared.asks import Asks
from shared.database import Pool, transaction
from shared.timers import Timer
from shared.worker import Parts
from tests.conftest import Database
from tests.events.calendars import publish, revision_of
from tests.events.cityplaces import place
from tests.events.partners import coming, registered, take
from tests.visitor import PUBLIC_URL, STAFF_PUBLIC_KEY


@pytest.fixture
def by_name(database: Database, pool: Pool) -> dict[str, Timer]:
    settings: Any = Settings(
        database_url=database.url("events"),
        nats_url="nats://127.0.0.1:9",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
    )
    parts = Parts(settings=settings, pool=pool, asks=Asks(None), client=Client())
    return {timer.name: timer for timer in timers(parts)}


async def test_a_series_is_listed_further_as_time_goes_by(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    series = await publish(pool, recurrence="FREQ=WEEKLY")
    event_id = series.calendar_event_id
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=300)
    await pool.execute("update calendar_event set listed_until = $1", soon)
    await pool.execute("delete from occurrence where starts > $1", soon)

    done = await by_name["list_further"].job()
    again = await by_name["list_further"].job()

    last = await pool.fetchval(
        "select max(starts) from occurrence where calendar_event_id = $1", event_id
    )
    assert (done, again) == (1, 0)
    assert last > soon + timedelta(days=400)


async def test_what_an_older_writer_has_written_is_written_anew(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    event = await publish(pool)
    await pool.execute("update event_ical set writer = 0, rich = null, vevent = 'old'")
    revision = await revision_of(pool)

    done = await by_name["write_anew"].job()
    again = await by_name["write_anew"].job()

    [row] = await pool.fetch(
        "select vevent, rich from event_ical where calendar_event_id = $1", event.calendar_event_id
    )
    assert done > 0
    assert again == 0
    assert row["vevent"].startswith(b"BEGIN:VEVENT")
    assert b"VLOCATION" in row["rich"]
    assert await revision_of(pool) == revision + 1


async def test_what_the_version_before_writes_gets_what_that_does_not_know(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    hall = await place(pool, "Aula", is_step_free=True, has_hearing_loop=True, wheelchair_places=2)
    event = await publish(pool, place_id=hall)
    await pool.execute(
        """
        with gone as (delete from event_ical where calendar_event_id = $1 returning *)
        insert into event_ical (calendar_event_id, vevent, zone, categories, audiences, place_id,
            first_at, last_at, writer, is_step_free)
        select calendar_event_id, vevent, zone, categories, audiences, place_id, first_at, last_at,
            $2, is_step_free
        from gone
        """,
        event.calendar_event_id,
        WRITER - 1,
    )

    await by_name["write_anew"].job()

    [row] = await pool.fetch(
        """
        select writer, is_step_free, has_hearing_loop, has_wheelchair_places
        from event_ical where calendar_event_id = $1
        """,
        event.calendar_event_id,
    )
    assert tuple(row) == (WRITER, True, True, True)


async def test_receipts_that_cannot_be_sent_are_kept(by_name: dict[str, Timer], pool: Pool) -> None:
    await a_receipt(pool, age=timedelta(minutes=1))

    sent = await by_name["send_receipts"].job()

    assert sent == 0
    assert await pool.fetchval("select count(*) from receipt where sent_at is null") == 1


async def test_what_partners_sent_is_forgotten_after_a_month(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    await a_receipt(pool, age=timedelta(days=31))

    while await by_name["forget_partner_rows"].job():
        pass

    left = await pool.fetch(
        "select message_id from partner_message where received_at < now() - '30d'::interval"
    )
    receipts = await pool.fetchval(
        "select count(*) from receipt where recorded_at < now() - '30d'::interval"
    )
    assert [row["message_id"] for row in left] == ["bad"]
    assert receipts == 0


async def test_what_was_never_taken_does_not_wait_for_ever(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    await a_receipt(pool, age=timedelta(days=89))
    await a_receipt(pool, age=timedelta(days=91))

    while await by_name["forget_partner_rows"].job():
        pass

    left = await pool.fetch(
        "select partner.name from partner_item join partner using (partner_id)"
        " where received_at < now() - '40d'::interval"
    )
    messages = await pool.fetchval(
        "select count(*) from partner_message where received_at < now() - '90d'::interval"
    )
    assert [row["name"] for row in left] == [f"p{89 * 86_400}"]
    assert messages == 0


async def test_versions_are_forgotten_after_two_years(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    old, young = await publish(pool), await publish(pool)
    await pool.execute(
        "update event_revision set made_at = now() - '732d'::interval where calendar_event_id = $1",
        old.calendar_event_id,
    )

    forgotten = await by_name["forget_history"].job()

    left = await pool.fetch("select calendar_event_id from event_revision")
    known = {row["calendar_event_id"] for row in left}
    assert forgotten == 2
    assert old.calendar_event_id not in known
    assert young.calendar_event_id in known


async def a_receipt(pool: Pool, age: timedelta) -> None:
    """A receipt and two messages of that age, one of which waits in quarantine."""
    then = datetime.now(UTC) - age
    partner_id = await pool.fetchval(
        "insert into partner (name, title, account_key) values ($1, 'x', $1) returning partner_id",
        f"p{int(age.total_seconds())}",
    )
    await pool.execute(
        "insert into partner_message (partner_id, stream_sequence, message_id, content_type, body,"
        " received_at) values ($1, 1, 'old', '', '', $2), ($1, 2, 'bad', '', '', $2)",
        partner_id,
        then,
    )
    item_id = await pool.fetchval(
        "insert into partner_item (partner_id, partner_key, version, state, reason,"
        " partner_message_id, received_at)"
        " select $1, 'k', 1, 'quarantined', 'x', partner_message_id, received_at"
        " from partner_message where partner_id = $1 and message_id = 'bad'"
        " returning partner_item_id",
        partner_id,
    )
    await pool.execute(
        "insert into receipt (partner_id, partner_item_id, message_id, outcome, recorded_at)"
        " values ($1, $2, 'bad', 'quarantined', $3)",
        partner_id,
        item_id,
        then,
    )


async def test_what_two_sources_sent_at_one_moment_is_compared_later(
    by_name: dict[str, Timer], pool: Pool
) -> None:
    """Neither transaction has seen the other's event."""
    async with transaction(pool) as one, transaction(pool) as other:
        for opened in (one, other):
            partner = await registered(opened)
            await take(opened, partner, [coming(0, place="Aula")], datetime.now(UTC))
    count = "select count(*) from duplicate_suspicion"
    before = await pool.fetchval(count)

    await by_name["suspect_duplicates"].job()

    assert (before, await pool.fetchval(count)) == (0, 1)
