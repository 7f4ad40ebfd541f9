"""Journey 6: processes die at the worst moments; nothing is lost and nothing happens twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Final

import pytest

from tests.journeys import guests
from tests.journeys.concerts import Cast, Concert, prepare
from tests.journeys.guests import Guest
from tests.journeys.ledger import repeats, settled, violations
from tests.journeys.lists import TOWN
from tests.journeys.staff import Plan

PLAN: Final = Plan(title="Sommerkonzert der Fichten", volunteer=20)
API: Final = "recognition-api"
LEASE_SECONDS: Final = 3
REDELIVERED_AFTER_SECONDS: Final = 2
UNAVAILABLE: Final = 503


@pytest.fixture(scope="module")
async def concert(cast: Cast) -> Concert:
    """A concert whose guests are drawn and not yet invited."""
    return await prepare(cast, PLAN, TOWN["Fichten"])


@pytest.fixture(scope="module")
async def everybody(cast: Cast, concert: Concert) -> AsyncIterator[list[Guest]]:
    """The invited guests, each with the invitation opened in a browser."""
    async with AsyncExitStack() as opened:
        everybody = []
        for link in await concert.links():
            one = await opened.enter_async_context(guests.guest(cast.system.notes.gateway))
            await one.open_link(link)
            everybody.append(one)
        yield everybody


async def test_a_wave_reaches_every_guest_once_though_relay_consumer_and_sender_are_killed(
    cast: Cast, concert: Concert
) -> None:
    notifier = cast.system.dying(
        "notifier-worker",
        "consumer.after_inbox",
        "consumer.before_ack",
        "notifier.before_data:3",
        "notifier.after_data_started:3",
        "notifier.after_smtp_250:3",
        lease_seconds=LEASE_SECONDS,
    )
    relay = cast.system.dying("recognition-worker", "relay.after_claim", "relay.after_publish")
    async with cast.system.soon_redelivered(REDELIVERED_AFTER_SECONDS):
        async with notifier, relay:
            await cast.planner.send_wave(concert.path)
        await settled(cast.system)
    received = [await cast.mailbox.all(guest.email, "Einladung") for guest in concert.by_mail]

    assert [len({mail.message_id for mail in mails}) for mails in received] == [1] * 12
    assert len(await repeats(cast.mailbox)) <= 1
    assert await violations(cast.system, cast.mailbox) == []
    assert cast.system.dead_parts == []


@pytest.mark.parametrize(
    ("failpoint", "who"),
    [("transaction.before_commit:4", slice(0, 6)), ("transaction.after_commit:4", slice(6, 12))],
)
async def test_guests_who_send_their_answer_again_after_a_crash_have_answered_once(
    cast: Cast, concert: Concert, everybody: list[Guest], failpoint: str, who: slice
) -> None:
    people = concert.by_mail[who]
    await cast.system.restart(API, failpoint)
    crash = Crash()
    async with asyncio.TaskGroup() as answering:
        for guest in everybody[who]:
            answering.create_task(_answer(guest, crash))
        await crash.noticed.wait()
        await cast.system.restart(API)
        crash.is_over.set()
    await settled(cast.system)
    confirmed = [await cast.mailbox.all(person.email, "Ihre Zusage") for person in people]
    pages = [await guest.browser.open("/einladung") for guest in everybody[who]]

    assert ["Für Sie ist ein Platz reserviert." in page.text for page in pages] == [True] * 6
    assert [len(mails) for mails in confirmed] == [1] * 6
    assert await violations(cast.system, cast.mailbox) == []
    assert cast.system.dead_parts == []


class Crash:
    """What guests see of a crash: that it is there, and that it is over."""

    def __init__(self) -> None:
        self.noticed = asyncio.Event()
        self.is_over = asyncio.Event()


async def _answer(guest: Guest, crash: Crash) -> None:
    """Accept; told to come back later, press the button of the same page again after the crash."""
    form = guest.browser.page
    given = {"coming": "ja", "seats": "1"}
    shown = await guest.browser.press("Antwort senden", given, expect=None)
    if shown.status == UNAVAILABLE:
        assert shown.response.headers["retry-after"]
        crash.noticed.set()
        await crash.is_over.wait()
        guest.browser.page = form
        shown = await guest.browser.press("Antwort senden", given)
    assert shown.status == 200
