"""Links of other people's offers are looked at in turn; editors learn which are dead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.commands.check_offer import CheckOffer, NobodysOffer, check_offer
from services.events.links.looking import look_at_links
from services.events.links.model import OfferLink, after_looking
from services.events.links.probing import Prober
from services.events.model import CalendarEvent, StaleVersion
from services.events.store.offer_links import claim_due, dead_links
from shared.database import Connection, Pool, transaction
from tests.events.builders import EDITOR, EVENT_ID
from tests.events.calendars import SITE, cancel, publish
from tests.events.commands.test_editing import NOW, facts, published
from tests.events.links.hosts import host

PROBER = Prober("Ehrensache-Test", reaches_private=True)
LINK = OfferLink(calendar_event_id=EVENT_ID, url="https://example.de")


@pytest.fixture(autouse=True)
async def _nothing_due(pool: Pool) -> None:
    """Leave the offers of other tests alone."""
    await pool.execute("update calendar_event set provider = ''")


async def offer(pool: Pool, url: str, **changes: Any) -> CalendarEvent:
    return await publish(pool, provider="Volkshochschule", website=url, **changes)


async def dead(pool: Pool) -> dict[Any, str]:
    async with pool.acquire() as connection:
        return {link.calendar_event_id: link.reason for link in await dead_links(connection, 100)}


async def make_due(pool: Pool) -> None:
    await pool.execute("update offer_link set due_at = now() - interval '1 second'")


async def test_a_page_that_is_gone_is_a_dead_link_until_it_is_back(pool: Pool) -> None:
    answers = {"/weg": "404"}
    async with host(answers) as opened:
        gone, there = await offer(pool, f"{opened.url}/weg"), await offer(pool, f"{opened.url}/da")

        looked = await look_at_links(pool, PROBER)
        found = await dead(pool)
        again = await look_at_links(pool, PROBER)
        answers.clear()
        await make_due(pool)
        await look_at_links(pool, PROBER)

    assert (looked, again) == (2, 0)
    assert found == {gone.calendar_event_id: "gone"}
    assert there.calendar_event_id not in found
    assert await dead(pool) == {}


async def test_a_host_that_fails_is_given_three_chances(pool: Pool) -> None:
    async with host({"/a": "503"}) as opened:
        event = await offer(pool, f"{opened.url}/a")
        found = []
        for _ in range(3):
            await look_at_links(pool, PROBER)
            found.append(await dead(pool))
            await make_due(pool)

    assert found == [{}, {}, {event.calendar_event_id: "failing"}]


async def test_only_offers_that_are_still_to_come_are_looked_at(pool: Pool) -> None:
    async with host() as opened:
        past = datetime(2020, 1, 1, 10)  # noqa: DTZ001 - wall clock
        await offer(pool, f"{opened.url}/vorbei", starts=past)
        await cancel(pool, await offer(pool, f"{opened.url}/abgesagt"))
        await publish(pool, website=f"{opened.url}/unseres")

        looked = await look_at_links(pool, PROBER)

    assert looked == 0
    assert opened.asked == []


async def test_another_address_is_looked_at_at_once(pool: Pool) -> None:
    async with host({"/alt": "404"}) as opened:
        event = await offer(pool, f"{opened.url}/alt")
        await look_at_links(pool, PROBER)
        await pool.execute(
            "update calendar_event set website = $1 where calendar_event_id = $2",
            f"{opened.url}/neu",
            event.calendar_event_id,
        )

        before = await dead(pool)
        looked = await look_at_links(pool, PROBER)

    assert before == {}
    assert looked == 1
    assert opened.asked[-1] == "HEAD /neu"


async def test_two_workers_do_not_look_at_the_same_link(pool: Pool) -> None:
    await offer(pool, "https://example.de")
    now = datetime.now(UTC)

    async with transaction(pool) as opened:
        first = await claim_due(opened, now, now + timedelta(minutes=5), 10)
    async with transaction(pool) as opened:
        second = await claim_due(opened, now, now + timedelta(minutes=5), 10)
        later = now + timedelta(minutes=6)
        third = await claim_due(opened, later, later + timedelta(minutes=5), 10)

    assert (len(first), len(second), len(third)) == (1, 0, 1)


def test_failures_are_looked_at_less_and_less_often() -> None:
    link, waits = LINK, []
    for _ in range(4):
        looked = after_looking(link, "no_answer", NOW)
        waits.append((looked.due_at - NOW, looked.is_dead))
        link = looked

    assert waits == [
        (timedelta(hours=1), False), (timedelta(hours=4), False),
        (timedelta(days=1), True), (timedelta(days=1), True),
    ]  # fmt: skip


def test_what_leads_somewhere_is_alive_again() -> None:
    failed = OfferLink(
        calendar_event_id=EVENT_ID, url=LINK.url, failures=7, reason="gone", is_dead=True
    )

    looked = after_looking(failed, "", NOW)

    assert (looked.failures, looked.reason, looked.is_dead) == (0, "", False)
    assert looked.due_at == NOW + timedelta(days=7)


async def test_an_editor_notes_that_an_offer_was_looked_at_today(transaction: Connection) -> None:
    event = await published(transaction, provider="Kino", website="https://example.de")
    await claim_due(transaction, NOW, NOW + timedelta(days=9), 10)

    command = CheckOffer(event.calendar_event_id, event.version, EDITOR)
    after = await check_offer(transaction, command, SITE, NOW)

    due = await claim_due(transaction, NOW, NOW, 10)
    assert after.checked_on is not None
    assert abs(after.checked_on - NOW.date()) <= timedelta(days=1)
    assert after.sequence == event.sequence + 1
    assert (await facts(transaction))[-1][0] == "event_changed"
    assert [link.calendar_event_id for link in due] == [event.calendar_event_id]


async def test_noting_it_twice_a_day_changes_nothing(transaction: Connection) -> None:
    event = await published(transaction, provider="Kino", website="https://example.de")
    first = await check_offer(
        transaction, CheckOffer(event.calendar_event_id, event.version, EDITOR), SITE, NOW
    )

    second = await check_offer(
        transaction, CheckOffer(event.calendar_event_id, first.version, EDITOR), SITE, NOW
    )

    assert second == first


async def test_only_offers_of_others_are_checked(transaction: Connection) -> None:
    ours = await published(transaction)

    with pytest.raises(NobodysOffer):
        await check_offer(
            transaction, CheckOffer(ours.calendar_event_id, ours.version, EDITOR), SITE, NOW
        )
    with pytest.raises(StaleVersion):
        await check_offer(
            transaction, CheckOffer(ours.calendar_event_id, ours.version - 1, EDITOR), SITE, NOW
        )
