"""A city is lost with its host and comes back from its backup, by the commands of the guide."""

import asyncio
from typing import Final

from tests.containers.system import ComposedSystem
from tests.journeys import guests
from tests.journeys.browser import browsing
from tests.journeys.concerts import Cast, invite
from tests.journeys.guests import ALL_EVENTS
from tests.journeys.ledger import settled
from tests.journeys.lists import TOWN
from tests.journeys.staff import Plan, Planner

PLAN: Final = Plan(title="Frühlingskonzert der Kiefern", most_seats=1)
KEY: Final = "backup.key"


async def test_a_lost_city_comes_back_from_its_backup(system: ComposedSystem, cast: Cast) -> None:
    concert = await invite(cast, PLAN, TOWN["Kiefern"])
    comes, declines, *_ = await concert.links()
    async with guests.guest(system.notes.gateway) as guest:
        await guest.open_link(comes)
        await guest.accept()
    await settled(system)
    feed = await _feed(system)
    backup = await asyncio.to_thread(system.back_up, KEY)

    await system.lose()
    said = await asyncio.to_thread(_come_back, system, backup)
    await settled(system)
    restored = await _feed(system)
    async with guests.guest(system.notes.gateway) as guest:
        known = await guest.open_link(comes)
    async with guests.guest(system.notes.gateway) as guest:
        await guest.open_link(declines)
        await guest.decline()
    held = await cast.planner.browser.open("/konsole/nachrichten")
    await _release_mails(cast.planner)
    await settled(system)

    assert "every invariant holds" in said
    assert "Every invariant holds." in said
    assert restored == feed
    assert PLAN.title in feed
    assert "Sie haben zugesagt." in known.text
    assert "von Wiederherstellung" in held.text
    assert await _mails_of(system) == {"accepted": 2}


def _come_back(system: ComposedSystem, backup: str) -> str:
    """Do on a new host as the guide says, and return what the commands have said."""
    composition = system.composition
    named = (f"backups/{backup}", "--identity", KEY)
    system.command("restore-secrets", *named, "lost")
    composition.as_root("sh", "-c", "mv /folder/handover/lost/secrets/* /folder/secrets/")
    composition.run("run", "--rm", "secrets")
    composition.run("up", "--detach", "--no-build", "postgres")
    composition.await_health("postgres")
    restored = system.command("restore", *named, "--yes")
    system.up()
    system.command("rebuild")
    return restored + system.command("verify")


async def _release_mails(planner: Planner) -> None:
    await planner.browser.open("/konsole/nachrichten/fortsetzen")
    await planner.browser.press("Versand fortsetzen")


async def _feed(system: ComposedSystem) -> str:
    async with browsing(system.notes.gateway) as browser:
        return (await browser.open(ALL_EVENTS)).response.text


async def _mails_of(system: ComposedSystem) -> dict[str, int]:
    """Count the answers' mails of the concert by their state."""
    rows = await system.rows(
        "select message.state, count(*) from notifier.message "
        "inner join recognition.honouring_event using (honouring_event_id) "
        "where title = $1 and purpose in ('acceptance', 'decline') group by message.state",
        PLAN.title,
    )
    return {row["state"]: row["count"] for row in rows}
