"""Any one container dies under traffic: no answer is lost, no page is away for long."""

import asyncio
from typing import Final

import pytest

from deploy.nats import streams
from deploy.nats.permissions import PROVISIONER
from deploy.nats.session import sign_in
from deploy.postgres.roles import SERVICES
from tests.containers.system import ComposedSystem
from tests.containers.watching import watching
from tests.journeys.concerts import Cast, Concert, invite
from tests.journeys.ledger import settled, violations
from tests.journeys.lists import TOWN
from tests.journeys.staff import Plan
from tests.journeys.traffic import flowing

PLAN: Final = Plan(title="Winterkonzert der Kiefern", volunteer=10, most_seats=1)
LONGEST_SECONDS: Final = 5
COMES: Final = {"accepted", "waitlisted", "offered"}
UNTOLD: Final = """
select invitation.invitation_id, invitation.version, message.state, message.reason
from recognition.invitation
inner join recognition.answer_history as answer using (invitation_id, version)
left join notifier.message
    on message.invitation_id = invitation.invitation_id
    and message.invitation_version = invitation.version
where message.state is distinct from 'accepted'
"""
"""Guests to whom no mail has gone out about the answer that counts. An earlier one may have been
overtaken: a dead worker's facts wait for 30 seconds, and the guest's next answer does not."""
VICTIMS: Final = (
    *(f"{service}-{kind}" for service in SERVICES for kind in ("api", "worker")),
    "nats",
    "nats-2",
    "nats-3",
    "postgres",
    "gateway",
)


@pytest.fixture(scope="module")
async def concert(cast: Cast, system: ComposedSystem) -> Concert:
    """A concert whose guests have their invitations, and from now on two of each process."""
    concert = await invite(cast, PLAN, TOWN["Kiefern"])
    await asyncio.to_thread(system.scale_out)
    return concert


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

    for guest in guests.programs:
        assert await guest.standing() in (COMES if guest.coming else {"declined"})
    assert await system.rows(UNTOLD) == []
    assert await violations(system, cast.mailbox) == []
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
