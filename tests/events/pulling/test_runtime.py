"""Fetched calendars go through the same pipeline; kept messages can be read once more."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.commands.register_pull import RegisterPull, register_pull
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.intake import Intake
from services.events.ingest.model import Partner
from services.events.ingest.receipts import Teller
from services.events.ingest.sandbox import Sandbox
from services.events.pulling.model import Pull
from services.events.pulling.runtime import Pulling
from services.events.store.pulls import ask_replay, claim_pull, find_pull, hasten_pull
from shared.database import Pool, transaction
from shared.errors import Malformed
from tests.conftest import Bus
from tests.events.builders import calendar, incoming, vevent
from tests.events.calendars import SITE
from tests.events.partners import arrived, coming, registered, take
from tests.events.pulling.web import Web, serving


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving() as opened:
        yield opened


@pytest.fixture(scope="module")
async def pulling(pool: Pool, nats: Bus) -> AsyncIterator[Pulling]:
    async with nats.client("events") as client:
        sandbox = Sandbox(children=1)
        intake = Intake(pool, sandbox, Teller(pool, client, SITE), SITE)
        yield Pulling(intake, allows_private=True)
        await sandbox.close()


@pytest.fixture
async def partner(pool: Pool, web: Web) -> AsyncIterator[Partner]:
    async with transaction(pool) as opened:
        made = await registered(opened)
        await register_pull(opened, RegisterPull(made, web.url, 60))
    yield made
    await pool.execute("delete from partner_pull")


async def pulled(pool: Pool, pulling: Pulling, partner: Partner) -> Pull:
    async with transaction(pool) as opened:
        await hasten_pull(opened, partner.partner_id)
    assert await pulling.pull_next()
    async with pool.acquire() as connection:
        found = await find_pull(connection, partner.partner_id)
    assert found is not None
    return found


async def outcomes(pool: Pool, partner: Partner) -> list[tuple[str, str, str]]:
    rows = await pool.fetch(
        """
        select partner_key, outcome, receipt.reason from receipt
        join partner_item using (partner_item_id)
        where receipt.partner_id = $1 order by receipt_id
        """,
        partner.partner_id,
    )
    return [tuple(row) for row in rows]


async def test_a_fetched_calendar_is_receipted_item_by_item(
    pool: Pool, pulling: Pulling, partner: Partner, web: Web
) -> None:
    web.body = calendar(vevent(UID="a"), vevent(UID="b", SUMMARY=""))

    found = await pulled(pool, pulling, partner)

    assert (found.outcome, found.failures) == ("changed", 0)
    assert found.next_at > datetime.now(UTC) + timedelta(minutes=55)
    assert await outcomes(pool, partner) == [
        ("a", "accepted", ""),
        ("b", "quarantined", "title_missing"),
    ]


async def test_only_what_changes_is_told_again_and_absence_deletes_nothing(
    pool: Pool, pulling: Pulling, partner: Partner, web: Web
) -> None:
    web.body = calendar(vevent(UID="a"), vevent(UID="b"), vevent(UID="c"))
    await pulled(pool, pulling, partner)

    web.body = calendar(vevent(UID="a"), vevent(UID="b", SUMMARY="Neu", DTSTAMP="20260701T080000Z"))
    await pulled(pool, pulling, partner)
    same = await pulled(pool, pulling, partner)

    kept = await pool.fetchval(
        "select count(calendar_event_id) from partner_item where partner_id = $1",
        partner.partner_id,
    )
    assert (await outcomes(pool, partner))[3:] == [("b", "accepted", "")]
    assert same.outcome == "unchanged"
    assert kept == 3


async def test_a_failed_fetch_is_told_and_waits_longer(
    pool: Pool, pulling: Pulling, partner: Partner, web: Web
) -> None:
    web.body = b"<html>Wartung</html>"
    first = await pulled(pool, pulling, partner)

    web.status = "503 Service Unavailable"
    second = await pulled(pool, pulling, partner)

    assert (first.outcome, second.outcome) == ("not_a_calendar", "answer_refused")
    assert second.failures == 2
    assert second.next_at - first.next_at > timedelta(minutes=55)


async def test_a_fetch_is_one_workers_and_a_suspended_partners_is_nobodys(
    pool: Pool, partner: Partner
) -> None:
    now = datetime.now(UTC) + timedelta(seconds=1)
    async with transaction(pool) as opened:
        first = await claim_pull(opened, now, now + timedelta(minutes=10))
        second = await claim_pull(opened, now, now + timedelta(minutes=10))
        later = now + timedelta(minutes=11)
        await opened.execute("update partner set suspended_at = now()")
        suspended = await claim_pull(opened, later, later + timedelta(minutes=10))
        await opened.execute("update partner set suspended_at = null")
        orphaned = await claim_pull(opened, later, later + timedelta(minutes=10))

    assert first is not None
    assert first.partner_id == partner.partner_id
    assert (second, suspended) == (None, None)
    assert orphaned is not None


@pytest.mark.parametrize(
    ("url", "minutes"),
    [
        ("ftp://example.org/a.ics", 60),
        ("https://", 60),
        ("https://user:secret@example.org/", 60),
        ("https://example.org/ä.ics", 60),
        ("https://example.org/a b.ics", 60),
        ("https://[::1", 60),
        ("https://example.org:99999/", 60),
        ("https://example.org/" + "a" * 2_000, 60),
        ("https://example.org/a.ics", 5),
        ("https://example.org/a.ics", 2_000),
    ],
)
async def test_an_address_or_a_pause_that_makes_no_sense_is_refused(
    pool: Pool, partner: Partner, url: str, minutes: int
) -> None:
    with pytest.raises(Malformed):
        async with transaction(pool) as opened:
            await register_pull(opened, RegisterPull(partner, url, minutes))


async def test_a_subscriptions_address_is_the_webs(pool: Pool, partner: Partner) -> None:
    async with transaction(pool) as opened:
        await register_pull(opened, RegisterPull(partner, "webcal://example.org/a.ics", 60))
        found = await find_pull(opened, partner.partner_id)

    assert found is not None
    assert found.url == "https://example.org/a.ics"


async def replayed(pool: Pool, pulling: Pulling, partner: Partner) -> list[tuple[str, str, str]]:
    """Have messages read once more and return what was told of it."""
    before = len(await outcomes(pool, partner))
    async with transaction(pool) as opened:
        await ask_replay(opened, partner.partner_id)
    assert await pulling.replay_next()
    assert not await pulling.replay_next()
    return (await outcomes(pool, partner))[before:]


async def send(pool: Pool, partner: Partner, *items: dict[str, Any]) -> None:
    async with transaction(pool) as opened:
        await take(opened, partner, list(items), datetime.now(UTC))


async def test_what_a_changed_rule_now_takes_leaves_quarantine(
    pool: Pool, pulling: Pulling, partner: Partner
) -> None:
    """The rule of this test is what the message says: it is changed where it is kept."""
    await send(pool, partner, coming(0), coming(1, starts="gestern"))
    await pool.execute(
        """
        update partner_message
        set body = convert_to(replace(convert_from(body, 'UTF8'), 'gestern', '2031-01-01'), 'UTF8')
        where partner_id = $1
        """,
        partner.partner_id,
    )

    told = await replayed(pool, pulling, partner)
    messages = await pool.fetchval(
        "select count(*) from partner_message where partner_id = $1", partner.partner_id
    )

    assert told == [("n-1", "accepted", "")]
    assert messages == 1


async def test_reading_once_more_takes_nothing_back(
    pool: Pool, pulling: Pulling, partner: Partner
) -> None:
    await send(pool, partner, coming(0, title="Alt", version=1), coming(1))
    await send(pool, partner, coming(0, title="Neu", version=2))

    told = await replayed(pool, pulling, partner)
    title = await pool.fetchval(
        "select title from calendar_event where title in ('Alt', 'Neu') and origin_id in "
        "(select partner_item_id from partner_item where partner_id = $1)",
        partner.partner_id,
    )

    assert (told, title) == ([], "Neu")


async def test_what_came_in_a_wrong_envelope_is_left_alone(
    pool: Pool, pulling: Pulling, partner: Partner
) -> None:
    """The envelope is not kept: with another one it would be taken, whoever had sent it."""
    forged = arrived(incoming([coming(0)], source="school"))
    async with transaction(pool) as opened:
        await take_partner_items(
            opened, TakePartnerItems(partner, [forged]), SITE, datetime.now(UTC)
        )

    told = await replayed(pool, pulling, partner)

    assert told == []
    assert (await outcomes(pool, partner))[0][2] == "source_mismatch"
