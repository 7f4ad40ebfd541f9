"""Journey 2: a concert is moved and then called off; calendars and guests learn of both."""

from datetime import timedelta
from typing import Final

from tests.journeys import guests
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import TOWN, Person
from tests.journeys.mailbox import Mailbox
from tests.journeys.staff import Plan

PLAN: Final = Plan(title="Frühlingskonzert der Ahorne")
NEW_DAY: Final = PLAN.held_on + timedelta(days=7)
COMES, SILENT, DECLINED = range(3)


async def test_a_new_time_and_a_cancellation_reach_the_feed_and_every_guest(
    cast: Cast, citizen: Citizen
) -> None:
    concert = await invite(cast, PLAN, TOWN["Ahorn"])
    people = concert.by_mail
    planned = await citizen.expect(PLAN.title)
    await _answer(cast, concert)
    ticket = await cast.mailbox.expect(people[COMES].email, "Ihre Zusage")

    await cast.planner.reschedule(
        concert.path, {"held_on": NEW_DAY.isoformat(), "starts_at": "20:00", "ends_at": "22:00"}
    )
    moved = await citizen.expect(PLAN.title, after=planned)
    news = await cast.mailbox.expect(people[COMES].email, "Neuer Termin")
    await settled(cast.system)
    told_of_move = await _told(cast.mailbox, people, "Neuer Termin")

    await cast.planner.cancel(concert.path)
    cancelled = await citizen.expect(PLAN.title, after=moved)
    await settled(cast.system)
    told_of_end = await _told(cast.mailbox, people, "Abgesagt:")
    async with guests.guest(cast.system.notes.gateway) as guest:
        after = await guest.open_link(news.link)

    assert {planned.uid, moved.uid, cancelled.uid} == {planned.uid}
    assert f"{planned.starts_at:%Y%m%dT%H%M}" == f"{PLAN.held_on:%Y%m%d}T1900"
    assert f"{moved.starts_at:%Y%m%dT%H%M}" == f"{NEW_DAY:%Y%m%d}T2000"
    assert (moved.status, cancelled.status) == ("CONFIRMED", "CANCELLED")
    assert planned.changed_at <= moved.changed_at <= cancelled.changed_at
    assert told_of_move == [1, 1, 0]
    assert told_of_end == [1, 1, 0]
    assert _line(news.calendar_entry, "UID") == _line(ticket.calendar_entry, "UID")
    assert int(_line(news.calendar_entry, "SEQUENCE")) > int(
        _line(ticket.calendar_entry, "SEQUENCE")
    )
    assert f"TZID=Europe/Berlin:{NEW_DAY:%Y%m%d}T200000" in news.calendar_entry
    assert "Die Veranstaltung ist leider abgesagt." in after.text
    assert await violations(cast.system, cast.mailbox) == []


async def _answer(cast: Cast, concert: Concert) -> None:
    """One comes, one says nothing, one declines."""
    links = await concert.links()
    async with guests.guest(cast.system.notes.gateway) as guest:
        await guest.open_link(links[COMES])
        await guest.accept(alone=True)
    async with guests.guest(cast.system.notes.gateway) as guest:
        await guest.open_link(links[DECLINED])
        await guest.decline()
    await settled(cast.system)


async def _told(mailbox: Mailbox, people: list[Person], subject: str) -> list[int]:
    """Count the mails with this subject to each guest."""
    return [len(await mailbox.all(person.email, subject)) for person in people]


def _line(entry: str, name: str) -> str:
    lines = entry.partition("BEGIN:VEVENT")[2].splitlines()
    return next(line.partition(":")[2] for line in lines if line.startswith(f"{name}:"))
