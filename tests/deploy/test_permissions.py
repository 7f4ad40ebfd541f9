"""Every service tries what is not its own on the bus, and is refused."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from nats.aio.msg import Msg
from nats.errors import NoRespondersError

from deploy.nats import streams
from deploy.postgres.roles import SERVICES
from tests.deploy.servers import Bus, Member

pytestmark = pytest.mark.usefixtures("provisioned")


@pytest.fixture(params=SERVICES)
async def member(request: pytest.FixtureRequest, bus: Bus) -> AsyncIterator[tuple[str, Member]]:
    """Each service in turn, connected with its own credentials."""
    connected = await bus.member(request.param)
    yield request.param, connected
    await connected.client.close()


def others(service: str) -> list[str]:
    return [other for other in SERVICES if other != service]


async def test_a_service_publishes_its_own_facts_only(member: tuple[str, Member]) -> None:
    service, connected = member

    ack = await connected.jetstream.publish(f"facts.{service}.something_happened.v1", b"{}")

    assert ack.stream == streams.FACTS
    for other in others(service):
        assert not await connected.may_publish(f"facts.{other}.something_happened.v1")


async def test_a_service_publishes_facts_as_one_atomic_batch(member: tuple[str, Member]) -> None:
    service, connected = member
    subject = f"facts.{service}.something_happened.v1"
    headers = {"Nats-Batch-Id": f"batch-{service}", "Nats-Batch-Sequence": "1"}
    last = headers | {"Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1"}

    await connected.client.publish(subject, b"{}", headers=headers)
    reply = await connected.client.request(subject, b"{}", headers=last)

    assert msgspec.json.decode(reply.data)["count"] == 2


async def test_a_service_pulls_from_its_own_durable_only(member: tuple[str, Member]) -> None:
    service, connected = member
    await connected.jetstream.publish(f"facts.{service}.something_happened.v1", b"{}")
    pull = await connected.jetstream.pull_subscribe_bind(service, stream=streams.FACTS)

    [message] = await pull.fetch(1)
    await message.ack_sync()

    assert (await pull.consumer_info()).name == service
    for other in others(service):
        for subject in (
            f"$JS.API.CONSUMER.MSG.NEXT.FACTS.{other}",
            f"$JS.API.CONSUMER.INFO.FACTS.{other}",
            f"$JS.ACK.FACTS.{other}.1.1.1.1.1",
        ):
            assert not await connected.may_publish(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "$JS.API.STREAM.DELETE.FACTS",
        "$JS.API.STREAM.PURGE.FACTS",
        "$JS.API.STREAM.UPDATE.FACTS",
        "$JS.API.STREAM.CREATE.OWN",
        "$JS.API.STREAM.MSG.GET.FACTS",
        "$JS.API.STREAM.MSG.DELETE.FACTS",
        "$JS.API.DIRECT.GET.FACTS",
        "$JS.API.CONSUMER.CREATE.FACTS.spy",
        "$JS.API.CONSUMER.DELETE.FACTS.registry",
        "$JS.API.CONSUMER.DURABLE.CREATE.FACTS.registry",
        "$JS.API.CONSUMER.PAUSE.FACTS.registry",
        "$JS.API.CONSUMER.MSG.NEXT.PARTNER_THEATER.spy",
        "$JS.API.INFO",
        "$SYS.REQ.CLAIMS.UPDATE",
        "$SYS.REQ.ACCOUNT.PING.CONNZ",
        "partner.THEATER.event",
        "facts",
        "anything",
    ],
)
async def test_no_service_steers_the_bus(member: tuple[str, Member], subject: str) -> None:
    _, connected = member

    assert not await connected.may_publish(subject)


async def test_a_service_hears_its_own_inbox_and_asks_only(member: tuple[str, Member]) -> None:
    service, connected = member

    assert await connected.may_subscribe(f"_INBOX_{service}.more")
    assert await connected.may_subscribe(f"ask.{service}.>")
    for other in others(service):
        assert not await connected.may_subscribe(f"_INBOX_{other}.>")
        assert not await connected.may_subscribe(f"ask.{other}.>")
        assert not await connected.may_publish(f"_INBOX_{other}.forged")
    for subject in (">", "*.>", "facts.>", "ask.>", "partner.>", "receipt.>", "_INBOX.>", "$JS.>"):
        assert not await connected.may_subscribe(subject)


async def test_only_events_writes_receipts_and_reads_partners(member: tuple[str, Member]) -> None:
    service, connected = member
    may = service == "events"

    assert await connected.may_publish("receipt.A.item") is may
    assert await connected.may_publish("$JS.API.CONSUMER.MSG.NEXT.PARTNER_X.events") is may
    assert await connected.may_publish("$JS.ACK.PARTNER_X.events.1.1.1.1.1") is may


async def test_any_service_is_asked_and_answers_once(member: tuple[str, Member], bus: Bus) -> None:
    service, connected = member
    subject = f"ask.{service}.things.v1"
    asker = await bus.member(others(service)[0])
    answered = asyncio.Event()

    async def answer(question: Msg) -> None:
        await question.respond(b"first")
        await question.respond(b"second")
        await connected.settle()
        answered.set()

    await connected.client.subscribe(subject, queue=service, cb=answer)
    await connected.settle()

    reply = await asker.client.request(subject, b"")

    await answered.wait()
    assert reply.data == b"first"
    assert len(connected.refusals) == 1
    await asker.client.close()


async def test_an_unanswerable_ask_fails_at_once(provisioned: Bus) -> None:
    asker = await provisioned.member("recognition")

    with pytest.raises(NoRespondersError):
        await asker.client.request("ask.registry.unknown.v1", b"", timeout=5)

    await asker.client.close()


async def test_the_provisioner_neither_publishes_facts_nor_reads_them(provisioned: Bus) -> None:
    provisioner = await provisioned.member("provisioner")

    assert not await provisioner.may_publish("facts.registry.person_registered.v1")
    assert not await provisioner.may_subscribe("facts.>")
    assert not await provisioner.may_publish("$SYS.REQ.CLAIMS.UPDATE")
    await provisioner.client.close()


async def test_the_observer_looks_at_streams_and_changes_nothing(provisioned: Bus) -> None:
    observer = await provisioned.member("observer")

    assert (await observer.jetstream.consumer_info(streams.FACTS, "events")).name == "events"
    assert [info.config.name for info in await observer.jetstream.streams_info()]
    for subject in (
        "facts.registry.person_registered.v1",
        "$JS.API.STREAM.DELETE.FACTS",
        "$JS.API.STREAM.UPDATE.FACTS",
        "$JS.API.STREAM.MSG.DELETE.FACTS",
        "$JS.API.CONSUMER.MSG.NEXT.FACTS.events",
        "$JS.API.CONSUMER.DURABLE.CREATE.FACTS.spy",
        "$JS.API.CONSUMER.DELETE.FACTS.events",
        "$SYS.REQ.CLAIMS.UPDATE",
    ):
        assert not await observer.may_publish(subject)
    assert not await observer.may_subscribe("facts.>")
    await observer.client.close()
