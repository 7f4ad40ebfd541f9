"""The worker is killed while it sends: no mail is lost, and a repeat is rare and flagged."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shared.database import Pool
from tests.conftest import Bus, Database
from tests.notifier.builders import guest
from tests.notifier.conftest import Office
from tests.notifier.mail_server import MailServer
from tests.notifier.queued import rows, told
from tests.notifier.worker_process import publish, working
from tests.waiting import until

MANY = 24
SIGKILLED = -9
PATIENCE = 60


async def invite(database: Database, nats: Bus, office: Office, many: int) -> None:
    """Have recognition tell of a wave of invitations."""
    answer_by = datetime.now(UTC) + timedelta(days=30)
    starts_at = answer_by + timedelta(days=30)
    guests = [
        office.neighbours.know(guest(answer_by=answer_by, starts_at=starts_at, ends_at=starts_at))
        for _ in range(many)
    ]
    await publish(database, nats, [told(one) for one in guests])


async def all_sent(pool: Pool, many: int) -> bool:
    """Tell whether every mail is noted as taken over."""
    sent = await pool.fetchval("select count(*) from message where state = 'accepted'")
    return bool(sent == many)


async def repeats(server: MailServer, pool: Pool) -> tuple[Counter[str], set[str]]:
    """Return which mails the server has taken how often, and which the ledger flags."""
    flagged = {
        f"<l.{one.message_id}@ehrenamt.example.de>"
        for one in await rows(pool)
        if one.possible_duplicate
    }
    return Counter(server.message_ids), flagged


@pytest.mark.parametrize(
    ("kill_at", "most_repeats"),
    [
        ("notifier.before_data:5", 0),
        ("notifier.after_data_started:5", 0),
        ("notifier.after_smtp_250:5", 1),
    ],
)
async def test_a_worker_killed_while_sending_loses_nothing(
    database: Database, nats: Bus, office: Office, kill_at: str, most_repeats: int
) -> None:
    await invite(database, nats, office, MANY)

    async with working(database, nats, office.server, kill_at) as first:
        assert await first.died() == SIGKILLED
    async with working(database, nats, office.server):
        await until(lambda: all_sent(office.pool, MANY), PATIENCE)

    taken, flagged = await repeats(office.server, office.pool)
    assert len(taken) == MANY
    assert taken.total() - MANY <= most_repeats
    assert {one for one, times in taken.items() if times > 1} <= flagged
    assert len(flagged) <= 1


async def test_workers_killed_at_random_lose_nothing_and_repeat_at_most_one_mail_each(
    database: Database, nats: Bus, office: Office
) -> None:
    many, kills = 120, 3
    pauses = random.Random(7)  # noqa: S311 - a test that can be repeated
    await invite(database, nats, office, many)

    for _ in range(kills):
        async with working(database, nats, office.server) as worker:
            sent = len(office.server.taken)
            await until(lambda sent=sent: len(office.server.taken) > sent, PATIENCE)  # type: ignore[misc]
            await asyncio.sleep(pauses.uniform(0, 0.15))
            await worker.kill()
    async with working(database, nats, office.server):
        await until(lambda: all_sent(office.pool, many), PATIENCE)

    taken, flagged = await repeats(office.server, office.pool)
    assert len(taken) == many
    assert taken.total() - many <= kills
    assert {one for one, times in taken.items() if times > 1} <= flagged


async def test_a_worker_that_is_asked_to_end_leaves_no_doubt_about_any_mail(
    database: Database, nats: Bus, office: Office
) -> None:
    await invite(database, nats, office, MANY)
    async with working(database, nats, office.server) as worker:
        await until(lambda: len(office.server.taken) > 3, PATIENCE)

        code = await worker.stop()

    states = Counter(one.state for one in await rows(office.pool))
    assert code == 0
    assert set(states) <= {"accepted", "queued"}
    assert states["accepted"] == len(office.server.taken)


async def test_facts_that_come_twice_send_nothing_twice(
    database: Database, nats: Bus, office: Office
) -> None:
    await invite(database, nats, office, 5)
    async with working(database, nats, office.server):
        await until(lambda: all_sent(office.pool, 5), PATIENCE)
        twice = [told(one) for one in office.neighbours.guests.values()]
        later = office.neighbours.know(guest(version=9))

        await publish(database, nats, [*twice, told(later)])
        await until(lambda: all_sent(office.pool, 6), PATIENCE)

    assert len(office.server.message_ids) == len(set(office.server.message_ids)) == 6
