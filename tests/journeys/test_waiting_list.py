"""Journey 4: a full hall means the waiting list; who declines makes room for the next."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from tests.journeys import guests
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.guests import Guest
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import TOWN
from tests.journeys.staff import Doorkeeper, Plan
from tests.journeys.test_concert import SHORT_CODE

PLAN: Final = Plan(title="Kammerkonzert der Birken", volunteer=3)


async def test_a_declined_place_is_offered_to_the_next_in_line_who_accepts(
    cast: Cast, doorkeeper: Doorkeeper
) -> None:
    concert = await invite(cast, PLAN, TOWN["Birken"])
    anke, _, carla, dirk = (person.email for person in concert.by_mail)
    async with _guests(cast, concert) as (first, second, third, fourth):
        await first.accept(companion="Arno Ahlers")
        await second.accept(alone=True)
        full = [await third.accept(companion="Clara Cohn"), await fourth.accept(alone=True)]
        waits = await cast.mailbox.expect(carla, "Sie stehen auf der Warteliste")
        tickets = await cast.mailbox.expect(anke, "Ihre Zusage")

        await first.decline()
        offer = await cast.mailbox.expect(carla, "Für Sie ist Platz")
        offered = await third.open_link(offer.link)
        accepted = await third.accept(companion="Clara Cohn")
        theirs = await cast.mailbox.expect(carla, "Ihre Zusage")

        await second.decline()
        await cast.mailbox.expect(dirk, "Für Sie ist Platz")
        refused = await fourth.decline()
    await settled(cast.system)
    overview = await cast.planner.browser.open(concert.path)
    await cast.planner.open_admission(concert.path)
    await doorkeeper.stand(PLAN.title, "Haupteingang")
    returned = [await doorkeeper.scan(code) for code in SHORT_CODE.findall(tickets.pdf)]

    assert ["Sie stehen auf der Warteliste." in page.text for page in full] == [True, True]
    assert "Sie sind als Nächste oder Nächster an der Reihe." in full[0].text
    assert "Vor Ihnen wartet noch eine andere Einladung." in full[1].text
    assert concert.plan.title in waits.text
    assert "Für Sie sind 2 Plätze frei geworden." in offered.text
    assert "Sie haben zugesagt." in accepted.text
    assert "Clara Cohn" in theirs.pdf
    assert "Sie haben abgesagt." in refused.text
    assert len(returned) == 2
    assert ["Diese Karte wurde zurückgegeben" in verdict for verdict in returned] == [True, True]
    assert overview.figures["Zugesagte Personen"] == "2"
    assert overview.figures["Abgesagt"] == "3"
    assert overview.figures["Auf der Warteliste"] == "0"
    assert overview.figures["Platz angeboten"] == "0"
    assert ["Engagierte", "3", "2", "1"] in overview.rows
    assert await violations(cast.system, cast.mailbox) == []


@asynccontextmanager
async def _guests(cast: Cast, concert: Concert) -> AsyncIterator[list[Guest]]:
    """Give each guest a browser and open the link from the mail in it."""
    async with AsyncExitStack() as opened:
        everybody = []
        for link in await concert.links():
            one = await opened.enter_async_context(guests.guest(cast.system.notes.gateway))
            await one.open_link(link)
            everybody.append(one)
        yield everybody
