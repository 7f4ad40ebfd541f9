"""From a partner's publish to the feed and back to the partner's receipt, on the real servers."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import nats as nats_client
import pytest
from nats.aio.client import Client, RawCredentials
from prometheus_client import REGISTRY

from deploy.nats.partners import PartnerDesk, open_desk
from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.ingest.intake import Intake
from services.events.ingest.reasons import HINTS
from services.events.ingest.receipts import Teller
from services.events.ingest.runtime import Ingest
from services.events.ingest.sandbox import CHILDREN, Sandbox
from services.events.site import Site
from shared.database import Pool, transaction
from tests.conftest import ROOT, Bus, Database
from tests.events.builders import calendar, headers, linked, plain, vevent
from tests.events.calendars import fed
from tests.events.ingest.children import children_of_this_process
from tests.waiting import until

SITE = Site("https://ehrenamt.example.de")
RESTED = "ehrensache_partners_rested_seconds_total"


class Guest(msgspec.Struct, frozen=True):
    """A partner that is connected with the credentials it was given."""

    name: str
    client: Client
    receipts: list[dict[str, Any]]
    credentials: str

    async def publish(
        self, body: object, content_type: str = "application/json", **changes: str
    ) -> Any:
        sent = headers(content_type, source=self.name, id=f"m-{uuid4()}") | {
            f"ce-{name}": value for name, value in changes.items()
        }
        written = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.client.jetstream().publish("publish.event", written, headers=sent)

    async def receipt(self, number: int = 1) -> dict[str, Any]:
        await until(lambda: len(self.receipts) >= number)
        return self.receipts[number - 1]


@pytest.fixture(scope="module")
async def desk(nats: Bus) -> AsyncIterator[PartnerDesk]:
    async with open_desk(nats.server.url, nats.accounts.directory) as opened:
        yield opened


@pytest.fixture(scope="module")
async def worker(pool: Pool, nats: Bus, database: Database) -> AsyncIterator[None]:
    """What the worker runs for partners, with the rights of events."""
    async with nats.client("events") as client:
        intake = Intake(pool, Sandbox(), Teller(pool, client, SITE), SITE)
        running = asyncio.create_task(Ingest(client, intake, database.url("events")).run())
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@asynccontextmanager
async def guest(desk: PartnerDesk, pool: Pool, nats: Bus, name: str) -> AsyncIterator[Guest]:
    admission = await desk.add(name)
    async with transaction(pool) as opened:
        await register_partner(opened, RegisterPartner(name, name.title(), admission.account_key))
    credentials = RawCredentials(admission.credentials)
    client = await nats_client.connect(nats.server.url, user_credentials=credentials)
    told: list[dict[str, Any]] = []

    async def hear(message: Any) -> None:
        told.append(msgspec.json.decode(message.data))

    await client.subscribe("receipts.>", cb=hear)
    await client.flush()
    yield Guest(name, client, told, admission.credentials)
    await client.close()


@pytest.fixture
async def theater(worker: None, desk: PartnerDesk, pool: Pool, nats: Bus) -> AsyncIterator[Guest]:
    del worker  # it has to run
    async with guest(desk, pool, nats, f"theater-{uuid4().hex[:8]}") as opened:
        yield opened


async def feed_text(pool: Pool) -> str:
    async with pool.acquire() as connection:
        found = await fed(connection)
    return b"".join(found).decode().replace("\r\n ", "")


def soon(**changes: Any) -> dict[str, Any]:
    starts = datetime.now(UTC) + timedelta(days=20)
    return plain(starts=f"{starts:%Y-%m-%dT19:30}", **changes)


async def test_an_item_stands_in_the_feed_and_is_receipted(theater: Guest, pool: Pool) -> None:
    title = f"Premiere {uuid4()}"

    ack = await theater.publish(soon(title=title))
    receipt = await theater.receipt()

    assert ack.stream == f"PARTNER_{theater.name.upper().replace('-', '_')}"
    assert receipt["outcome"] == "accepted"
    assert receipt["id"] == "2026-17"
    assert receipt["event"].startswith("https://ehrenamt.example.de/termine/")
    assert f"SUMMARY:{title}" in await feed_text(pool)


async def test_a_partner_that_is_added_later_needs_no_restart(
    theater: Guest, desk: PartnerDesk, pool: Pool, nats: Bus
) -> None:
    async with guest(desk, pool, nats, f"school-{uuid4().hex[:8]}") as school:
        await school.publish(soon())

        assert (await school.receipt())["outcome"] == "accepted"
        assert theater.receipts == []


async def test_a_broken_item_is_answered_with_field_reason_and_hint(theater: Guest) -> None:
    await theater.publish(soon(ends="2001-01-01"))

    receipt = await theater.receipt()

    assert receipt["outcome"] == "quarantined"
    assert (receipt["reason"], receipt["field"]) == ("end_kind_differs", "ends")
    assert "Uhrzeit" in receipt["hint"]


async def test_a_calendar_of_many_is_answered_item_by_item(theater: Guest) -> None:
    body = calendar(vevent(), vevent(UID="2", SUMMARY=""), vevent(UID="3"))

    await theater.publish(body, "text/calendar")
    await theater.receipt(3)

    outcomes = {receipt["id"]: receipt["outcome"] for receipt in theater.receipts}
    assert outcomes == {"2026-17@theater": "accepted", "2": "quarantined", "3": "accepted"}


async def test_a_partner_cannot_publish_in_the_name_of_another(theater: Guest) -> None:
    await theater.publish(soon(), source="school")

    receipt = await theater.receipt()

    assert (receipt["outcome"], receipt["reason"]) == ("quarantined", "source_mismatch")


async def test_a_message_that_kills_its_reader_holds_nobody_up(theater: Guest, pool: Pool) -> None:
    rule = "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=31"
    deadly = [plain(id=str(n), starts="2026-01-03", recurrence=rule) for n in range(20)]
    title = f"Danach {uuid4()}"

    await theater.publish(deadly)
    await theater.publish(linked(identifier="ok", name=title, startDate=soon()["starts"]))
    await theater.receipt(2)

    assert [receipt["outcome"] for receipt in theater.receipts] == ["quarantined", "accepted"]
    assert theater.receipts[0]["reason"] == "took_too_long"
    assert title in await feed_text(pool)


async def test_a_cancellation_reaches_the_feed_with_a_higher_sequence(
    theater: Guest, pool: Pool
) -> None:
    title = f"Lesung {uuid4()}"
    await theater.publish(soon(title=title))
    await theater.receipt()

    await theater.publish(soon(title=title, status="cancelled"))
    receipt = await theater.receipt(2)

    text = await feed_text(pool)
    written = text[: text.index(f"SUMMARY:Abgesagt: {title}")].rsplit("BEGIN:VEVENT", 1)[1]
    assert receipt["outcome"] == "accepted"
    assert "SEQUENCE:1\r\n" in written


async def test_a_flood_of_one_partner_does_not_delay_another(
    theater: Guest, desk: PartnerDesk, pool: Pool, nats: Bus
) -> None:
    async with guest(desk, pool, nats, f"school-{uuid4().hex[:8]}") as school:
        rested = REGISTRY.get_sample_value(RESTED) or 0
        body = msgspec.json.encode([soon(id=f"flood-{n}") for n in range(100)])
        sent = headers("application/json", source=theater.name)
        for _ in range(20):
            await theater.client.publish("publish.event", body, headers=sent)
        await theater.client.flush()

        await school.publish(soon())
        receipt = await school.receipt()
        still_waiting = 2_000 - len(theater.receipts)

        await theater.receipt(2_000)
        assert receipt["outcome"] == "accepted"
        assert still_waiting > 0
        assert (REGISTRY.get_sample_value(RESTED) or 0) > rested


async def test_readers_run_while_nobody_sends_and_again_when_they_have_died(
    theater: Guest, desk: PartnerDesk, pool: Pool, nats: Bus
) -> None:
    del theater  # it is enough that there is one
    await until(lambda: len(children_of_this_process()) == CHILDREN)
    killed = children_of_this_process()
    for child in killed:
        os.kill(child, signal.SIGKILL)

    async with guest(desk, pool, nats, f"zoo-{uuid4().hex[:8]}"):
        await until(lambda: len({*children_of_this_process()} - {*killed}) == CHILDREN)

    assert not {*children_of_this_process()} & {*killed}


async def test_an_item_that_cannot_be_stored_holds_nobody_up(
    theater: Guest, pool: Pool, database: Database
) -> None:
    owner = await asyncpg.connect(database.url("events", "owner"))
    await owner.execute(
        "alter table calendar_event add constraint forbidden check (title <> 'Unmöglich')"
    )

    titles = {"1": "Orgelstunde", "2": "Unmöglich", "3": "Kammermusik"}
    items = [soon(id=number, title=title) for number, title in titles.items()]
    await theater.publish(items)
    await theater.receipt(3)

    await owner.execute("alter table calendar_event drop constraint forbidden")
    await owner.close()
    told = {
        receipt["id"]: (receipt["outcome"], receipt.get("reason")) for receipt in theater.receipts
    }
    kept = await pool.fetchval("select body from partner_message order by received_at desc limit 1")
    assert told == {
        "1": ("accepted", None),
        "2": ("quarantined", "not_stored"),
        "3": ("accepted", None),
    }
    assert b"Unm" in kept


async def test_the_example_of_the_partner_guide_runs_as_it_is_printed(
    theater: Guest, nats: Bus, tmp_path: Path
) -> None:
    guide = (ROOT / "docs/partner.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", guide, re.DOTALL)
    assert example is not None
    write(tmp_path / "publish.py", example[1])
    write(tmp_path / f"{theater.name}.creds", theater.credentials)

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "publish.py", f"{theater.name}.creds", nats.server.url),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()

    assert process.returncode == 0
    assert b'"outcome":"accepted"' in printed


def test_the_partner_guide_lists_every_reason_with_its_hint() -> None:
    guide = (ROOT / "docs/partner.md").read_text(encoding="utf-8")

    listed = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", guide, re.MULTILINE))
    assert {reason: listed.get(reason) for reason in HINTS} == dict(HINTS)


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
