"""Editors see what the source says where they differ, and give single fields back to it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.commands.take_partner_items import TakePartnerItems, take_partner_items
from services.events.ingest.batch import Arrival
from services.events.ingest.model import Partner
from services.events.ingest.reading import read
from services.events.model import CalendarEvent
from services.events.store.events import find_event
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.builders import incoming, plain
from tests.events.calendars import SITE, in_days
from tests.events.places import place
from tests.visitor import Visitor

LIST = "/konsole/termine"
STARTS = f"{in_days(5):%Y-%m-%dT19:30}"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


@pytest.fixture
async def partner(pool: Pool) -> Partner:
    name = f"theater-{uuid4().hex[:8]}"
    async with transaction(pool) as opened:
        command = RegisterPartner(name, "Stadttheater", "A" + uuid4().hex.upper())
        return await register_partner(opened, command)


async def send(pool: Pool, partner: Partner, **changes: Any) -> UUID:
    message = incoming(plain(**{"starts": STARTS, **changes}))
    arrival = Arrival(
        stream_sequence=1,
        message_id="m",
        content_type="application/json",
        body=message.body,
        outcomes=read(message),
    )
    async with transaction(pool) as opened:
        [receipt] = await take_partner_items(
            opened, TakePartnerItems(partner, [arrival]), SITE, datetime.now(UTC)
        )
    assert receipt.calendar_event_id is not None
    return receipt.calendar_event_id


async def found(pool: Pool, event_id: UUID) -> CalendarEvent:
    async with pool.acquire() as connection:
        event = await find_event(connection, event_id)
    assert event is not None
    return event


async def test_a_field_that_is_given_back_follows_its_source_again(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    event_id = await send(pool, partner, title="Premiere", organiser="Theater")
    base = f"{LIST}/{event_id}"
    wanted = {"version": "1", "title": "Große Premiere", "organiser": "Wir", "step": "save"}
    await editor.post(f"{base}/aendern", wanted)
    await send(pool, partner, title="Premiere!", organiser="Theater")
    before = await found(pool, event_id)

    answer = await editor.post(
        f"{base}/zuruecksetzen", {"version": str(before.version), "field": "title"}
    )
    await send(pool, partner, title="Derniere", organiser="Theater")

    after, shown = await found(pool, event_id), await editor.get(base)
    assert answer.status_code == 303
    assert (after.title, after.organiser) == ("Derniere", "Wir")
    assert after.sequence > before.sequence
    assert "Quelle sagt: Theater" in shown.text
    assert "Titel zurücksetzen" not in shown.text


async def test_times_go_back_together(editor: Visitor, pool: Pool, partner: Partner) -> None:
    event_id = await send(pool, partner)
    fields = {
        "version": "1",
        "starts_on": f"{in_days(9):%d.%m.%Y}",
        "starts_at": "20:00",
        "ends_at": "22:00",
        "step": "save",
    }
    moved = await editor.post(f"{LIST}/{event_id}/verlegen", fields)
    shown = await editor.get(f"{LIST}/{event_id}")

    await editor.post(f"{LIST}/{event_id}/zuruecksetzen", {"version": "2", "field": "starts"})

    event = await found(pool, event_id)
    assert moved.status_code == 303
    assert shown.text.count("Quelle sagt:") == 1
    assert (f"{event.starts:%Y-%m-%dT%H:%M}", event.ends) == (STARTS, None)


async def test_a_cancellation_of_ours_can_be_given_back(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    event_id = await send(pool, partner)
    await editor.post(f"{LIST}/{event_id}/absagen", {"version": "1"})
    shown = await editor.get(f"{LIST}/{event_id}")

    await editor.post(f"{LIST}/{event_id}/zuruecksetzen", {"version": "2", "field": "state"})

    assert "Quelle sagt: Veröffentlicht" in shown.text
    assert (await found(pool, event_id)).state == "published"


async def test_a_place_of_the_list_is_told_by_its_name_and_goes_back_as_one(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    hall = await place(pool, name="Studio", address="Ring 5")
    event_id = await send(pool, partner, place={"name": "Foyer", "address": "Weg 3"})
    fields = {
        "version": "1", "title": "Sommerkonzert", "place_id": str(hall),
        "audiences": "families", "step": "save",
    }  # fmt: skip
    changed = await editor.post(f"{LIST}/{event_id}/aendern", fields)

    shown = await editor.get(f"{LIST}/{event_id}")
    await editor.post(f"{LIST}/{event_id}/zuruecksetzen", {"version": "2", "field": "place_name"})

    event = await found(pool, event_id)
    told = shown.text.partition("Von der Redaktion geändert")[2].partition("</ul>")[0]
    assert changed.status_code == 303
    assert told.count("Quelle sagt:") == 2
    assert "Studio, Ring 5, 51,05 / 13,74 (aus der Liste)" in told
    assert "Quelle sagt: Foyer, Weg 3<" in told
    assert "Familien" in told
    assert str(hall) not in told
    assert (event.place_id, event.place_name, event.place_address) == (None, "Foyer", "Weg 3")


async def test_nothing_is_reset_that_nobody_has_changed(
    editor: Visitor, pool: Pool, partner: Partner
) -> None:
    event_id = await send(pool, partner)
    path = f"{LIST}/{event_id}/zuruecksetzen"

    same = await editor.post(path, {"version": "1", "field": "title"})
    stale = await editor.post(path, {"version": "7", "field": "title"})
    wrong = await editor.post(path, {"version": "1", "field": "uid"})

    assert [answer.status_code for answer in (same, stale, wrong)] == [409, 409, 400]
    assert (await found(pool, event_id)).version == 1


async def test_only_editors_reset(visitor: Visitor, pool: Pool, partner: Partner) -> None:
    event_id = await send(pool, partner)
    visitor.sign_in(Role.ADMIN)

    answer = await visitor.post(f"{LIST}/{event_id}/zuruecksetzen", {"field": "title"})

    assert answer.status_code == 403
