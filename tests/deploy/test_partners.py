"""Partners are taken in and let go on the running server, and see nothing but their own."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from nats.errors import Error, NoRespondersError
from nats.js.errors import NotFoundError

from deploy.cli import up
from deploy.local.nats import Nats
from deploy.nats import accounts, partners, permissions, streams
from deploy.nats.accounts import Standing
from deploy.nats.identity import issue, keep_identity, new_identity, read_claims
from deploy.nats.partners import (
    PartnerDesk,
    PartnerExists,
    PartnerNameUnusable,
    PartnerUnknown,
)
from deploy.nats.push import push_account
from tests import waiting
from tests.deploy.servers import Bus, Member


class Taken(msgspec.Struct, frozen=True):
    """A partner that was taken in and is connected."""

    name: str
    account_key: str
    credentials: str
    member: Member

    @property
    def stream(self) -> str:
        return streams.partner_stream(self.name)


@pytest.fixture(scope="module")
async def desk(provisioned: Bus) -> AsyncIterator[PartnerDesk]:
    async with partners.open_desk(provisioned.server.url, provisioned.accounts.directory) as opened:
        yield opened


@pytest.fixture
async def theater(desk: PartnerDesk, bus: Bus) -> AsyncIterator[Taken]:
    taken = await take_in(desk, bus, f"theater-{uuid4().hex[:8]}")
    yield taken
    await taken.member.client.close()


@pytest.fixture
async def school(desk: PartnerDesk, bus: Bus) -> AsyncIterator[Taken]:
    taken = await take_in(desk, bus, f"school-{uuid4().hex[:8]}")
    yield taken
    await taken.member.client.close()


@pytest.fixture
async def events(bus: Bus) -> AsyncIterator[Member]:
    connected = await bus.member("events")
    yield connected
    await connected.client.close()


async def take_in(desk: PartnerDesk, bus: Bus, name: str) -> Taken:
    admission = await desk.add(name)
    member = await sign_in(bus, admission.credentials)
    return Taken(name, admission.account_key, admission.credentials, member)


async def sign_in(bus: Bus, credentials: str) -> Member:
    return await Member().connect(bus.server.url, credentials, allow_reconnect=False)


async def test_an_item_is_acknowledged_and_stands_in_the_partners_own_stream(
    theater: Taken, events: Member
) -> None:
    ack = await theater.member.jetstream.publish("publish.event", b"item")

    pull = await events.jetstream.pull_subscribe_bind("events", stream=theater.stream)
    [message] = await pull.fetch(1)
    await message.ack_sync()
    assert ack.stream == theater.stream
    assert message.subject == f"partner.{theater.account_key}.event"
    assert message.data == b"item"


async def test_a_partner_cannot_publish_as_another(theater: Taken, school: Taken) -> None:
    for subject in (
        f"partner.{school.account_key}.event",
        "facts.events.event_published.v1",
        "receipts.forged",
        f"receipt.{school.account_key}.forged",
        "$JS.API.STREAM.NAMES",
        f"$JS.API.STREAM.PURGE.{school.stream}",
        "ask.registry.people.v1",
        "$SYS.REQ.CLAIMS.UPDATE",
    ):
        assert not await theater.member.may_publish(subject)
    for subject in (">", "publish.>", "facts.>", f"receipt.{school.account_key}.>", "partner.>"):
        assert not await theater.member.may_subscribe(subject)


async def test_an_account_that_imports_anothers_subject_is_not_served(
    theater: Taken, school: Taken, bus: Bus
) -> None:
    thief = new_identity("account")
    directory = bus.accounts.directory
    honest = read_claims(accounts.partner_account_token(directory, "thief", thief, Standing()))
    [items, receipts] = honest["nats"]["imports"]
    stolen = honest["nats"] | {
        "imports": [
            items | {"subject": f"partner.{school.account_key}.>"},
            receipts | {"subject": f"receipt.{theater.account_key}.>"},
        ]
    }
    operator = keep_identity(directory / "operator.seed", "operator")
    system = await bus.connect("system")

    await push_account(system, issue(operator, thief.public_key, "thief", stolen))

    allowed = permissions.of_partner().claims()
    member = await sign_in(bus, accounts.new_credentials(thief, "thief", allowed))
    with pytest.raises(NoRespondersError):
        await member.client.request("publish.event", b"forged", timeout=5)
    await member.client.close()
    await system.close()


async def test_one_partners_message_id_does_not_suppress_anothers(
    theater: Taken, school: Taken
) -> None:
    same = {"Nats-Msg-Id": "event-1"}

    first = await theater.member.jetstream.publish("publish.event", b"", headers=same)
    other = await school.member.jetstream.publish("publish.event", b"", headers=same)
    again = await theater.member.jetstream.publish("publish.event", b"", headers=same)

    assert not first.duplicate
    assert not other.duplicate
    assert again.duplicate


async def test_a_forged_reply_subject_reaches_nobody(
    theater: Taken, school: Taken, bus: Bus
) -> None:
    forged = f"partner.{school.account_key}.forged"

    await theater.member.client.publish("publish.event", b"item", reply=forged)
    await theater.member.settle()

    provisioner = await bus.connect("provisioner")
    stored = await provisioner.jetstream().stream_info(theater.stream)
    untouched = await provisioner.jetstream().stream_info(school.stream)
    assert stored.state.messages == 1
    assert untouched.state.messages == 0
    await provisioner.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Nats-Rollup": "all"},
        {"Nats-TTL": "1"},
        {"Nats-Schedule": "@at 2099-01-01T00:00:00Z", "Nats-Schedule-Target": "partner.x"},
        {"Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1"},
        {"Nats-Incr": "+1"},
    ],
)
async def test_headers_with_side_effects_are_refused(
    theater: Taken, headers: dict[str, str]
) -> None:
    reply = await theater.member.client.request("publish.event", b"", headers=headers)

    assert "error" in msgspec.json.decode(reply.data)


async def test_an_item_that_is_too_large_is_refused_with_a_reason(theater: Taken) -> None:
    headers = {"ce-source": "theater" * 100}
    fits = await theater.member.client.request(
        "publish.event", b"x" * streams.ITEM_BYTES, headers=headers
    )
    too_large = await theater.member.client.request(
        "publish.event", b"x" * (streams.ITEM_BYTES + streams.HEADER_BYTES + 1)
    )

    assert "error" not in msgspec.json.decode(fits.data)
    assert "size exceeds maximum" in msgspec.json.decode(too_large.data)["error"]["description"]
    assert (await theater.member.jetstream.publish("publish.event", b"")).seq == 2


async def test_receipts_reach_their_partner_only(
    theater: Taken, school: Taken, events: Member
) -> None:
    mine = await theater.member.client.subscribe("receipts.>")
    theirs = await school.member.client.subscribe("receipts.>")
    await theater.member.settle()
    await school.member.settle()

    await events.client.publish(f"receipt.{theater.account_key}.item-1", b"accepted")
    await events.client.publish(f"receipt.{school.account_key}.item-2", b"quarantined")

    assert [(await mine.next_msg(5)).subject, mine.pending_msgs] == ["receipts.item-1", 0]
    assert [(await theirs.next_msg(5)).subject, theirs.pending_msgs] == ["receipts.item-2", 0]


async def test_a_suspended_partner_is_cut_off_until_it_is_resumed(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    await desk.suspend(theater.name)

    with pytest.raises(Error):
        await theater.member.client.request("publish.event", b"", timeout=1)
    with pytest.raises(Error):
        await sign_in(bus, theater.credentials)
    assert suspended(bus, theater) is True

    await desk.resume(theater.name)
    back = await sign_in(bus, theater.credentials)
    assert (await back.jetstream.publish("publish.event", b"")).stream == theater.stream
    assert suspended(bus, theater) is False
    await back.client.close()


async def test_rotated_credentials_replace_the_old_ones_at_once(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    renewed = await desk.rotate(theater.name)

    with pytest.raises(Error):
        await sign_in(bus, theater.credentials)
    member = await sign_in(bus, renewed.credentials)
    assert (await member.jetstream.publish("publish.event", b"")).stream == theater.stream
    assert renewed.account_key == theater.account_key
    await member.client.close()


async def test_old_credentials_count_until_their_grace_is_over(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    renewed = await desk.rotate(theater.name, 60)

    before = await desk.settle(time.time())
    both = [await sign_in(bus, each) for each in (theater.credentials, renewed.credentials)]
    until = {one.name: one.old_credentials_until for one in known(bus)}[theater.name]
    assert until is not None
    settled = await desk.settle(until)

    with pytest.raises(Error):
        await sign_in(bus, theater.credentials)
    await waiting.until(lambda: both[0].client.is_closed)
    assert (theater.name in before, theater.name in settled) == (False, True)
    assert (await both[1].jetstream.publish("publish.event", b"")).stream == theater.stream
    assert {one.name: one.old_credentials_until for one in known(bus)}[theater.name] is None
    await both[1].client.close()


async def test_a_running_system_ends_old_credentials_by_itself(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    where = bus.server.url, bus.accounts.directory
    nothing = await up.settled(*where)
    await desk.rotate(theater.name, 1)
    due = {one.name: one.old_credentials_until for one in known(bus)}[theater.name]
    assert due is not None
    await waiting.until(lambda: time.time() >= due)

    ended = await up.settled(*where)

    with pytest.raises(Error):
        await sign_in(bus, theater.credentials)
    assert (theater.name in nothing, theater.name in ended) == (False, True)


async def test_a_rotation_at_once_ends_what_still_had_grace(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    graced = await desk.rotate(theater.name, 3_600)

    last = await desk.rotate(theater.name)

    for ended in (theater.credentials, graced.credentials):
        with pytest.raises(Error):
            await sign_in(bus, ended)
    assert theater.name not in await desk.settle(time.time() + 7_000)
    member = await sign_in(bus, last.credentials)
    assert (await member.jetstream.publish("publish.event", b"")).stream == theater.stream
    await member.client.close()


async def test_the_connections_of_a_suspended_partner_are_closed(
    theater: Taken, desk: PartnerDesk
) -> None:
    await desk.suspend(theater.name)

    await waiting.until(lambda: theater.member.client.is_closed)
    assert theater.member.client.is_closed


async def test_of_two_rotations_in_a_row_only_the_last_counts(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    first = await desk.rotate(theater.name)
    second = await desk.rotate(theater.name)

    for outdated in (theater.credentials, first.credentials):
        with pytest.raises(Error):
            await sign_in(bus, outdated)
    member = await sign_in(bus, second.credentials)
    assert member.client.is_connected
    await member.client.close()


async def test_an_admission_that_was_cut_short_is_repeated(desk: PartnerDesk) -> None:
    account_key = desk.account_key("ballet")
    provisioner = desk.provisioner
    await streams.provision_partner(provisioner, "ballet", account_key)

    admission = await desk.add("ballet")

    assert admission.account_key == account_key


async def test_a_removed_partner_is_forgotten_with_all_it_sent(
    theater: Taken, desk: PartnerDesk, bus: Bus
) -> None:
    await theater.member.jetstream.publish("publish.event", b"")

    await desk.remove(theater.name)

    with pytest.raises(Error):
        await sign_in(bus, theater.credentials)
    provisioner = await bus.connect("provisioner")
    with pytest.raises(NotFoundError):
        await provisioner.jetstream().stream_info(theater.stream)
    with pytest.raises(PartnerUnknown, match="There is no partner theater-"):
        await desk.rotate(theater.name)
    await provisioner.close()


async def test_partners_are_known_again_on_a_server_that_lost_its_data(
    desk: PartnerDesk, servers_directory: Path, bus: Bus
) -> None:
    admission = await desk.add("archive")
    other = Nats.start(servers_directory / "fresh", bus.accounts)
    moved = Bus(other, bus.accounts)
    with pytest.raises(Error):
        await sign_in(moved, admission.credentials)

    async with partners.open_desk(other.url, bus.accounts.directory) as new_desk:
        await new_desk.restore()

    member = await sign_in(moved, admission.credentials)
    ack = await member.jetstream.publish("publish.event", b"")
    assert ack.stream == "PARTNER_ARCHIVE"
    await member.client.close()
    other.stop()


async def test_a_partner_is_taken_in_once(theater: Taken, desk: PartnerDesk) -> None:
    with pytest.raises(PartnerExists, match="`rotate` gives it new credentials"):
        await desk.add(theater.name)

    listed = {partner.name: partner for partner in partners.known_partners(desk.directory)}
    assert listed[theater.name].account_key == theater.account_key


@pytest.mark.parametrize(
    "name", ["", "Theater", "a.b", "a b", "a>", "*", "-a", "a--b", "../x", "a_b", "ä", "a" * 33]
)
async def test_a_name_that_cannot_name_a_stream_is_refused(desk: PartnerDesk, name: str) -> None:
    with pytest.raises(PartnerNameUnusable, match="cannot name a partner"):
        await desk.add(name)


async def test_a_partner_without_a_stream_hears_that_nobody_listens(
    theater: Taken, bus: Bus
) -> None:
    provisioner = await bus.connect("provisioner")
    await provisioner.jetstream().delete_stream(theater.stream)

    with pytest.raises(NoRespondersError):
        await theater.member.client.request("publish.event", b"", timeout=5)

    await provisioner.close()


def suspended(bus: Bus, taken: Taken) -> bool:
    known = partners.known_partners(bus.accounts.directory)
    return next(partner.is_suspended for partner in known if partner.name == taken.name)


def known(bus: Bus) -> list[partners.Partner]:
    return partners.known_partners(bus.accounts.directory)
