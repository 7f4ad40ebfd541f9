"""Any one container dies under traffic: no answer is lost, no page is away for long."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx
import pytest

from deploy.nats import streams
from deploy.nats.permissions import PROVISIONER
from deploy.nats.session import sign_in
from deploy.postgres.roles import SERVICES
from tests.containers.system import ComposedSystem
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import TOWN
from tests.journeys.staff import Plan
from tests.journeys.traffic import flowing

PLAN: Final = Plan(title="Winterkonzert der Kiefern", volunteer=10, most_seats=1)
LONGEST_SECONDS: Final = 5
LOOK_SECONDS: Final = 0.1
OVERTAKEN: Final = "an answer is not confirmed by exactly one message"
"""Two workers of notifier may hear two answers of one guest in the other order: the earlier one is
then out of date and gets no mail. The last one always does."""
LAST_ANSWERS: Final = """
select answer.invitation_id, answer.version, answer.state, count(message.message_id)
from recognition.answer_history as answer
left join notifier.message
    on message.invitation_id = answer.invitation_id
    and message.invitation_version = answer.version
    and message.purpose not in ('rescheduled', 'cancelled')
where
    answer.state in ('accepted', 'declined', 'waitlisted')
    and not exists (
        select from recognition.answer_history as later
        where later.invitation_id = answer.invitation_id and later.version > answer.version
    )
group by answer.invitation_id, answer.version, answer.state
having count(message.message_id) <> 1
"""
"""Guests whose last answer is not confirmed by exactly one message."""
PAGES: Final = ("/termine", "/einladung/code", "/konsole", "/kalender/alle.ics")
"""One at least of each service that people see without signing in."""
VICTIMS: Final = (
    *(f"{service}-{kind}" for service in SERVICES for kind in ("api", "worker")),
    "nats",
    "nats-2",
    "nats-3",
)


@pytest.fixture(scope="module")
async def concert(cast: Cast, system: ComposedSystem) -> Concert:
    """A concert whose guests have their invitations, and from now on two of each process."""
    concert = await invite(cast, PLAN, TOWN["Kiefern"])
    await asyncio.to_thread(system.scale_out)
    return concert


class Watch:
    """Looks at pages again and again, and knows how long each was away at most."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.longest = dict.fromkeys(PAGES, 0.0)

    async def look(self, page: str) -> None:
        """Look at a page until it is told to stop."""
        async with httpx.AsyncClient(base_url=self._origin, timeout=10, trust_env=False) as client:
            well = time.monotonic()
            while True:
                began = time.monotonic()
                if await self._is_there(client, page):
                    self.longest[page] = max(self.longest[page], began - well)
                    well = time.monotonic()
                await asyncio.sleep(LOOK_SECONDS)

    @staticmethod
    async def _is_there(client: httpx.AsyncClient, page: str) -> bool:
        try:
            return (await client.get(page)).status_code < 500
        except httpx.TransportError:
            return False


@asynccontextmanager
async def watching(origin: str) -> AsyncIterator[Watch]:
    """Look at all pages while the block runs."""
    watch = Watch(origin)
    looking = [asyncio.create_task(watch.look(page)) for page in PAGES]
    yield watch
    for one in looking:
        one.cancel()
    await asyncio.gather(*looking, return_exceptions=True)


async def test_facts_are_kept_three_times(system: ComposedSystem) -> None:
    bus = await sign_in(system.notes.nats_url, system.notes.bus_keys, PROVISIONER)

    stream = await bus.jetstream().stream_info(streams.FACTS)

    assert stream.config.num_replicas == 3
    assert len(stream.cluster.replicas or []) == 2
    await bus.close()


async def test_any_one_container_dies_and_nothing_is_lost(
    system: ComposedSystem, cast: Cast, concert: Concert
) -> None:
    composition, links = system.composition, await concert.links()
    async with (
        watching(composition.gateway) as watch,
        flowing(composition.gateway, links) as guests,
    ):
        for number, victim in enumerate(VICTIMS):
            guests.ask(each=number % 2)  # ten answers a minute are allowed
            await asyncio.to_thread(composition.kill, victim)
            await guests.confirmed(each=0)
            await asyncio.to_thread(composition.await_health, victim)
    await settled(system)

    assert await system.rows(LAST_ANSWERS) == []
    assert [one for one in await violations(system, cast.mailbox) if OVERTAKEN not in one] == []
    assert {
        page: round(away, 1) for page, away in watch.longest.items() if away > LONGEST_SECONDS
    } == {}


async def test_a_stranger_is_no_part_of_the_cluster(system: ComposedSystem) -> None:
    composition = system.composition
    reader = (
        "import socket; s = socket.create_connection(('nats', 6222), 5); "
        's.sendall(b\'CONNECT {"user":"node","pass":"x"}\\r\\nPING\\r\\n\'); s.settimeout(5); '
        "print(b''.join(iter(lambda: s.recv(4096), b'')).decode())"
    )
    command = ("exec", "-T", "registry-worker", "python", "-c", reader)

    said = composition.run(*command)

    assert "Authorization Violation" in said
