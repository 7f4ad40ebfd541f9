"""Journey 7: the bus or the database goes away under traffic and comes back; all facts arrive."""

from collections import Counter
from typing import Final

import pytest

from deploy.postgres.roles import SERVICES
from tests.journeys.browser import Browser
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.guests import Citizen
from tests.journeys.ledger import settled, under_way, violations
from tests.journeys.lists import TOWN
from tests.journeys.staff import Plan
from tests.journeys.traffic import Traffic, flowing
from tests.journeys.waiting import eventually

PLAN: Final = Plan(title="Herbstkonzert der Kiefern", volunteer=10, most_seats=1)
PROCESSES: Final = [f"{service}-{kind}" for service in SERVICES for kind in ("api", "worker")]
APIS: Final = [process for process in PROCESSES if process.endswith("-api")]
COMES: Final = {"accepted", "waitlisted", "offered"}


@pytest.fixture(scope="module")
async def links(concert: Concert) -> list[str]:
    """The links of all guests."""
    return await concert.links()


@pytest.fixture(scope="module")
async def concert(cast: Cast) -> Concert:
    """A concert with fewer places than guests, so that the waiting list moves all the time."""
    return await invite(cast, PLAN, TOWN["Kiefern"])


async def test_answers_and_pages_go_on_without_the_bus_and_all_facts_arrive_afterwards(
    cast: Cast, concert: Concert, links: list[str], citizen: Citizen
) -> None:
    async with flowing(cast.system.notes.gateway, links) as traffic:
        await traffic.confirmed(each=1)
        await cast.system.kill("nats")
        ready = await _readiness(cast)
        await traffic.confirmed(each=2)
        waiting = await under_way(cast.system)
        pages = await _pages(cast.planner.browser, citizen.browser, concert)
        await cast.system.restart("nats")
        await traffic.confirmed(each=1)
    await settled(cast.system)

    assert set(ready.values()) == {(200, False)}
    assert waiting["facts to be published"] >= 2 * len(links)
    assert pages == [200, 200, 200, 200]
    assert traffic.refusals == []
    await _demand_sums(cast, concert, traffic)


async def test_without_the_database_guests_are_put_off_and_nothing_confirmed_is_lost(
    cast: Cast, concert: Concert, links: list[str], citizen: Citizen
) -> None:
    await citizen.expect(PLAN.title)
    async with flowing(cast.system.notes.gateway, links) as traffic:
        await traffic.confirmed(each=1)
        await cast.system.kill("postgres")
        traffic.ask(each=1)
        await eventually(lambda: _everybody_is_put_off(traffic), "nobody is put off")
        ready = await _readiness(cast)
        page = await citizen.browser.open("/termine", expect=503)
        feed = await citizen.find(PLAN.title)
        await cast.system.restart("postgres")
        await traffic.confirmed(each=1)
    await eventually(lambda: _all_ready(cast), "not all processes are back")
    await settled(cast.system)

    assert {status for status, _ in ready.values()} == {503}
    assert page.response.headers["retry-after"]
    assert feed is not None
    assert {one.headers["content-type"] for one in traffic.refusals} == {"application/problem+json"}
    assert all(one.headers["retry-after"] for one in traffic.refusals)
    await _demand_sums(cast, concert, traffic)


async def _readiness(cast: Cast) -> dict[str, tuple[int, bool]]:
    """Ask every process whether it is ready, and whether it reaches the bus."""
    answers = {process: await cast.system.readiness(process) for process in PROCESSES}
    return {process: (one.status_code, one.json()["nats"]) for process, one in answers.items()}


async def _all_ready(cast: Cast) -> bool:
    return all([await cast.system.is_ready(process) for process in PROCESSES])


async def _pages(planner: Browser, citizen: Browser, concert: Concert) -> list[int]:
    """Open pages of every service."""
    staff = [concert.path, "/konsole/personen", "/konsole/nachrichten"]
    opened = [await planner.open(path) for path in staff]
    return [page.status for page in (*opened, await citizen.open("/termine"))]


async def _everybody_is_put_off(traffic: Traffic) -> bool:
    return all(program.refusals for program in traffic.programs)


async def _demand_sums(cast: Cast, concert: Concert, traffic: Traffic) -> None:
    """Demand that the guests' last answers, the figures and the ledger say the same."""
    found = await cast.system.rows(
        "select state, count(*) as many from recognition.invitation "
        "join recognition.honouring_event using (honouring_event_id) "
        "where title = $1 group by state",
        PLAN.title,
    )
    states = Counter({row["state"]: row["many"] for row in found})
    coming = sum(program.coming for program in traffic.programs)
    overview = await cast.planner.browser.open(concert.path)

    assert sum(states[state] for state in COMES) == coming
    assert states["declined"] == len(traffic.programs) - coming
    assert states["accepted"] + states["offered"] <= PLAN.volunteer
    assert overview.figures["Zugesagte Personen"] == str(states["accepted"])
    assert overview.figures["Abgesagt"] == str(states["declined"])
    assert overview.figures["Auf der Warteliste"] == str(states["waitlisted"])
    assert overview.figures["Platz angeboten"] == str(states["offered"])
    assert traffic.cut_off == []
    assert await violations(cast.system, cast.mailbox) == []
    assert cast.system.dead_parts == []
