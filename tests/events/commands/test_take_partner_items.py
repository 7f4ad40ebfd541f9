"""What becomes of partners' items: idempotent, newest wins, editors' changes stay."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from services.events.commands.change_event import ChangeEvent, change_event
from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.content import EventTexts
from services.events.ingest.batch import Arrival, Receipt
from services.events.ingest.model import Partner
from services.events.ingest.reading import read
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from services.events.store.partners import save_trust
from shared.database import Connection, Pool, transaction
from shared.errors import Malformed
from tests.events.builders import EDITOR, incoming, plain
from tests.events.calendars import SITE

NOW = datetime.now(UTC)


async def registered(opened: Connection) -> Partner:
    name = f"theater-{uuid4().hex[:8]}"
    return await register_partner(opened, RegisterPartner(name, "", "A" + uuid4().hex.upper()))


def arrival(*items: dict[str, Any], message_id: str = "m-1") -> Arrival:
    message = incoming(list(items))
    return Arrival(
        stream_sequence=1,
        message_id=message_id,
        content_type="application/json",
        body=message.body,
        outcomes=read(message),
    )


async def take(opened: Connection, partner: Partner, *items: dict[str, Any]) -> list[Receipt]:
    command = TakePartnerItems(partner, [arrival(*items)])
    return await take_partner_items(opened, command, SITE, NOW)


async def only(opened: Connection, partner: Partner, **changes: Any) -> Receipt:
    [receipt] = await take(opened, partner, plain(**changes))
    return receipt


async def event_of(opened: Connection, receipt: Receipt) -> CalendarEvent:
    assert receipt.calendar_event_id is not None
    event = await find_event(opened, receipt.calendar_event_id)
    assert event is not None
    return event


async def facts(opened: Connection) -> list[str]:
    rows = await opened.fetch("select subject from outbox order by position")
    return [row["subject"].split(".")[2] for row in rows]


async def test_a_new_item_becomes_an_event(transaction: Connection) -> None:
    partner = await registered(transaction)

    receipt = await only(transaction, partner, categories=["Kultur", "unbekannt"])

    event = await event_of(transaction, receipt)
    assert (receipt.outcome, receipt.partner_key) == ("accepted", "2026-17")
    assert (event.state, event.origin, event.categories) == ("published", "partner", ["culture"])
    assert await facts(transaction) == ["event_published", "partner_item_accepted"]


async def test_audiences_are_codes_of_the_list_and_the_rest_is_kept(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    ticket = "https://karten.example.de"

    receipt = await only(
        transaction, partner, audiences=["familien", "Ältere Menschen", "Menschen", "alle"],
        price="5 Euro", registration=ticket,
    )  # fmt: skip
    again = await only(
        transaction, partner, audiences=["families", "older"], price="5 Euro", registration=ticket
    )

    event = await event_of(transaction, receipt)
    assert event.audiences == ["families", "older"]
    assert (event.price, event.registration_url) == ("5 Euro", ticket)
    assert again.outcome == "unchanged"


async def test_the_same_message_again_changes_nothing(transaction: Connection) -> None:
    partner = await registered(transaction)
    first = await only(transaction, partner)
    before = await event_of(transaction, first)

    again = await only(transaction, partner)

    assert again.outcome == "unchanged"
    assert await event_of(transaction, again) == before
    assert len(await facts(transaction)) == 2


async def test_a_newer_state_wins_with_a_higher_sequence(transaction: Connection) -> None:
    partner = await registered(transaction)
    before = await event_of(transaction, await only(transaction, partner, version=1))

    receipt = await only(transaction, partner, version=2, starts="2026-09-13T19:30")

    after = await event_of(transaction, receipt)
    assert (after.version, after.sequence) == (2, 1)
    assert after.previous_starts_at == before.starts_at
    assert (await facts(transaction))[-2:] == ["event_rescheduled", "partner_item_accepted"]


@pytest.mark.parametrize(
    ("known", "arriving", "field"),
    [
        ({"version": 2}, {"version": 1}, "version"),
        (
            {"modified": "2026-06-02T00:00:00Z"},
            {"modified": "2026-06-01T00:00:00Z"},
            "modified",
        ),
        (
            {"version": 2, "modified": "2026-06-01T00:00:00Z"},
            {"version": 1, "modified": "2026-06-03T00:00:00Z"},
            "version",
        ),
    ],
)
async def test_an_older_state_is_refused_and_changes_nothing(
    transaction: Connection, known: dict[str, Any], arriving: dict[str, Any], field: str
) -> None:
    partner = await registered(transaction)
    before = await event_of(transaction, await only(transaction, partner, **known))

    receipt = await only(transaction, partner, title="Alter Titel", **arriving)

    state = await transaction.fetchval("select state from partner_item")
    assert (receipt.outcome, receipt.reason, receipt.field) == (
        "quarantined",
        "older_version",
        field,
    )
    assert await event_of(transaction, receipt) == before
    assert state == "accepted"


@pytest.mark.parametrize(
    "arriving", [{}, {"version": 1}, {"modified": "2026-06-01T00:00:00Z"}, {"version": 2}]
)
async def test_without_a_difference_in_version_the_later_arrival_wins(
    transaction: Connection, arriving: dict[str, Any]
) -> None:
    partner = await registered(transaction)
    await only(transaction, partner, version=1, modified="2026-06-01T00:00:00Z")

    receipt = await only(transaction, partner, title="Neu", **arriving)

    assert (await event_of(transaction, receipt)).title == "Neu"


async def test_a_broken_arrival_leaves_the_last_good_state_standing(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    before = await event_of(transaction, await only(transaction, partner))

    receipt = await only(transaction, partner, starts="gestern")
    fixed = await only(transaction, partner)

    assert (receipt.outcome, receipt.reason) == ("quarantined", "date_malformed")
    assert await event_of(transaction, receipt) == before
    assert fixed.outcome == "unchanged"
    assert await transaction.fetchval("select state from partner_item") == "accepted"
    assert (await facts(transaction))[-2:] == ["partner_item_quarantined", "partner_item_accepted"]


async def test_an_unreadable_message_is_kept_under_its_own_id(transaction: Connection) -> None:
    partner = await registered(transaction)
    message = incoming(b"{")
    broken = Arrival(
        stream_sequence=9, message_id="", content_type="", body=b"{", outcomes=read(message)
    )

    [receipt] = await take_partner_items(
        transaction, TakePartnerItems(partner, [broken]), SITE, NOW
    )

    body = await transaction.fetchval("select body from partner_message")
    assert (receipt.partner_key, receipt.reason) == ("message:9", "json_malformed")
    assert body == b"{"


async def test_the_keys_of_two_partners_do_not_meet(transaction: Connection) -> None:
    one, other = await registered(transaction), await registered(transaction)

    first = await only(transaction, one)
    second = await only(transaction, other)

    assert first.calendar_event_id != second.calendar_event_id


async def test_an_item_twice_in_one_batch_ends_in_its_last_state(transaction: Connection) -> None:
    partner = await registered(transaction)

    receipts = await take(transaction, partner, plain(), plain(title="Neu"), plain(title="Neu"))

    event = await event_of(transaction, receipts[2])
    assert [receipt.outcome for receipt in receipts] == ["accepted", "accepted", "unchanged"]
    assert len({receipt.calendar_event_id for receipt in receipts}) == 1
    assert (event.title, event.version) == ("Neu", 2)


async def test_absence_deletes_nothing(transaction: Connection) -> None:
    partner = await registered(transaction)
    await take(transaction, partner, plain(id="1"), plain(id="2"))

    await take(transaction, partner, plain(id="1"))

    assert await transaction.fetchval("select count(*) from event_ical") == 2


async def test_what_an_editor_has_changed_survives_the_next_import(
    transaction: Connection,
) -> None:
    """Source: digitalfabrik/integreat-cms#3106, nightly imports overwrote local edits."""
    partner = await registered(transaction)
    receipt = await only(transaction, partner)
    event = await event_of(transaction, receipt)
    texts = msgspec.convert(event, EventTexts, from_attributes=True)
    better = msgspec.structs.replace(texts, title="Besserer Titel")
    command = ChangeEvent(event.calendar_event_id, event.version, better, EDITOR)
    await change_event(transaction, command, SITE, NOW)

    await only(transaction, partner, title="Noch ein Titel", description="Neue Beschreibung")

    after = await event_of(transaction, receipt)
    source = await transaction.fetchval("select source from partner_item")
    assert (after.title, after.description) == ("Besserer Titel", "Neue Beschreibung")
    assert source["title"] == "Noch ein Titel"


async def test_an_untrusted_partners_items_wait_for_an_editor(transaction: Connection) -> None:
    partner = await registered(transaction)
    await save_trust(transaction, partner.partner_id, "review")
    careful = msgspec.structs.replace(partner, trust="review")

    receipt = await only(transaction, careful)
    changed = await only(transaction, careful, title="Neu")

    event = await event_of(transaction, changed)
    assert (receipt.outcome, changed.outcome) == ("held", "held")
    assert (event.state, event.title) == ("submitted", "Neu")
    assert await transaction.fetchval("select count(*) from event_ical") == 0


async def test_a_cancelled_item_can_take_place_after_all(transaction: Connection) -> None:
    partner = await registered(transaction)
    await only(transaction, partner)
    cancelled = await event_of(transaction, await only(transaction, partner, status="cancelled"))

    receipt = await only(transaction, partner, status="scheduled")

    event = await event_of(transaction, receipt)
    assert (cancelled.state, event.state) == ("cancelled", "published")
    assert event.sequence == cancelled.sequence + 1


async def test_two_workers_with_the_same_new_item_make_one_event(pool: Pool) -> None:
    async with transaction(pool) as opened:
        partner = await registered(opened)

    async def work(number: int) -> UUID | None:
        for _ in range(5):
            try:
                async with transaction(pool) as opened:
                    receipt = await only(opened, partner, id="same", title=f"Titel {number}")
                    await asyncio.sleep(0.02)
            except asyncpg.UniqueViolationError:
                continue  # who comes second tries again, as the worker does
            else:
                return receipt.calendar_event_id
        return None

    made = await asyncio.gather(*(work(number) for number in range(4)))

    assert len(set(made)) == 1
    assert None not in made


async def test_editors_and_imports_never_wait_in_a_ring(pool: Pool) -> None:
    async with transaction(pool) as opened:
        partner = await registered(opened)
        receipt = await only(opened, partner)
    assert receipt.calendar_event_id is not None
    event_id = receipt.calendar_event_id

    async def imports() -> None:
        for number in range(20):
            async with transaction(pool) as opened:
                await only(opened, partner, description=f"Stand {number}")

    async def edits() -> None:
        for number in range(20):
            async with transaction(pool) as opened:
                event = await find_event(opened, event_id)
                assert event is not None
                await opened.execute(
                    "select from calendar_event where calendar_event_id = $1 for update", event_id
                )
                event = await find_event(opened, event_id)
                assert event is not None
                texts = EventTexts(title=f"Titel {number}")
                command = ChangeEvent(event_id, event.version, texts, EDITOR)
                await change_event(opened, command, SITE, NOW + timedelta(seconds=number))

    async with asyncio.timeout(30):
        await asyncio.gather(imports(), edits())

    async with pool.acquire() as connection:
        found = await find_event(connection, event_id)
    assert found is not None
    assert found.title == "Titel 19"


@pytest.mark.parametrize(
    ("name", "key"), [("Theater", "AB"), ("a.b", "AB"), ("", "AB"), ("theater", "UB"), ("x", "A-")]
)
async def test_a_partner_needs_a_name_and_an_account(
    transaction: Connection, name: str, key: str
) -> None:
    with pytest.raises(Malformed):
        await register_partner(transaction, RegisterPartner(name, "Titel", key))


async def test_a_partner_keeps_its_items_when_its_account_changes(
    transaction: Connection,
) -> None:
    partner = await registered(transaction)
    await only(transaction, partner)

    renewed = await register_partner(
        transaction, RegisterPartner(partner.name, "Neu", "A" + "B" * 20)
    )

    assert renewed.partner_id == partner.partner_id
    assert (await only(transaction, renewed)).outcome == "unchanged"
