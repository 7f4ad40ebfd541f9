"""Door staff scan, type, look up and undo; with the script or without it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from services.recognition.honouring.model import Ticket
from services.recognition.honouring.store import tickets
from services.recognition.honouring.tickets import sign_ticket
from shared.auth import Role
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.guests import says
from tests.recognition.honouring.keys import KEYS
from tests.recognition.honouring.pages import Invited, browsing, invited
from tests.visitor import Visitor

API = "/api/recognition/v1/check-ins"


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Visitor]:
    """The browser of somebody who works at the door."""
    async with browsing(database) as visitor:
        visitor.sign_in(Role.DOOR, name="Ida Einlass")
        yield visitor


async def with_ticket(pool: Pool) -> tuple[Invited, str, Ticket]:
    """An event, the address of its door B, and the ticket of a guest who comes."""
    event = await invited(pool)
    async with transaction(pool) as opened:
        await says(opened, event.letters[0].invitation_id, 1)
        (ticket,) = await tickets.valid(opened, event.letters[0].invitation_id)
        await a.admitting(opened, event.event_id)
    return event, f"/tuer/{event.event_id}/Eingang%20B", ticket


async def test_the_event_and_the_door_are_chosen_once(door: Visitor, pool: Pool) -> None:
    event = await invited(pool)

    shown = await door.get("/tuer")
    chosen = await door.post(
        "/tuer", {"honouring_event_id": str(event.event_id), "door": "Eingang B"}
    )

    assert "Ehrenamtskonzert" in shown.text
    assert chosen.headers["location"] == f"/tuer/{event.event_id}/Eingang%20B"
    assert (await door.get(chosen.headers["location"])).status_code == 200
    assert (await door.post("/tuer")).status_code == 422


async def test_a_typed_code_admits_once_and_then_says_when_and_where(
    door: Visitor, pool: Pool
) -> None:
    _, path, ticket = await with_ticket(pool)

    first = await door.post(path, {"shown": ticket.short_code})
    second = await door.post(path, {"shown": ticket.short_code})

    assert "verdict--green" in first.text
    assert "Grit Beispiel" in first.text
    assert "verdict--yellow" in second.text
    assert "Uhr, Eingang B." in second.text
    assert "<strong>1</strong> von 1 eingelassen" in second.text


async def test_reloading_the_result_does_not_scan_again(door: Visitor, pool: Pool) -> None:
    _, path, ticket = await with_ticket(pool)
    fields = {"shown": ticket.short_code, "scan_id": str(uuid4())}
    await door.post(path, fields)

    assert "verdict--green" in (await door.post(path, fields)).text


async def test_the_script_gets_the_result_alone(door: Visitor, pool: Pool) -> None:
    _, path, ticket = await with_ticket(pool)

    part = await door.post(path, {"shown": ticket.short_code}, headers={"hx-request": "true"})

    assert "verdict--green" in part.text
    assert "<html" not in part.text


async def test_only_the_doors_page_may_use_the_camera(door: Visitor, pool: Pool) -> None:
    _, path, _ = await with_ticket(pool)

    at_the_door, elsewhere = await door.get(path), await door.get("/tuer")

    assert "camera=(self)" in at_the_door.headers["permissions-policy"]
    assert "blob:" in at_the_door.headers["content-security-policy"]
    assert "camera=()" in elsewhere.headers["permissions-policy"]


async def test_every_other_code_is_red(door: Visitor, pool: Pool) -> None:
    _, path, _ = await with_ticket(pool)
    _, _, foreign = await with_ticket(pool)

    for shown, headline in (
        (foreign.short_code, "Falsche Veranstaltung"),
        ("0000-0000", "Karte nicht gefunden"),
        ("Garderobe", "Keine Eintrittskarte"),
        ("EHS1:" + "A" * 160, "Karte nicht echt"),
    ):
        answer = await door.post(path, {"shown": shown})

        assert "verdict--red" in answer.text
        assert headline in answer.text


async def test_a_lost_ticket_is_found_by_name_and_admitted(door: Visitor, pool: Pool) -> None:
    _, path, ticket = await with_ticket(pool)

    found = await door.get(path, params={"suche": "beispiel"})

    assert "Grit Beispiel" in found.text
    assert f'value="{ticket.short_code}"' in found.text
    assert "Niemand" in (await door.get(path, params={"suche": "Unbekannt"})).text


async def test_an_admission_is_taken_back_with_a_reason(door: Visitor, pool: Pool) -> None:
    _, path, ticket = await with_ticket(pool)
    await door.post(path, {"shown": ticket.short_code})
    undo = f"{path}/zuruecknehmen"

    without = await door.post(undo, {"ticket_id": str(ticket.ticket_id)})
    undone = await door.post(undo, {"ticket_id": str(ticket.ticket_id), "reason": "Irrtum"})
    again = await door.post(undo, {"ticket_id": str(ticket.ticket_id), "reason": "Irrtum"})

    assert [without.status_code, undone.status_code, again.status_code] == [422, 303, 422]
    assert "niemand eingelassen" in again.text
    assert "verdict--green" in (await door.post(path, {"shown": ticket.short_code})).text


async def test_a_device_sends_scans_as_json(door: Visitor, pool: Pool) -> None:
    event, _, ticket = await with_ticket(pool)
    code = sign_ticket(KEYS, ticket.honouring_event_id, ticket.ticket_id)
    scan = {
        "scan_id": str(uuid4()),
        "honouring_event_id": str(event.event_id),
        "door": "Eingang A",
        "shown": code,
    }

    first, same = await sends(door, scan), await sends(door, scan)
    other = await sends(door, {**scan, "scan_id": str(uuid4())})

    assert first.json()["verdict"] == "admitted"
    assert same.json() == first.json()
    assert (other.json()["verdict"], other.json()["door"]) == ("already_in", "Eingang A")


async def test_unreadable_scans_are_refused_as_problems(door: Visitor, pool: Pool) -> None:
    event, _, _ = await with_ticket(pool)
    scan = {
        "scan_id": str(uuid4()),
        "honouring_event_id": str(event.event_id),
        "door": "A",
        "shown": "x",
    }

    assert (await sends(door, {**scan, "scan_id": "1"})).status_code == 400
    assert (await sends(door, {**scan, "door": "A/B"})).status_code == 400
    assert (await sends(door, {**scan, "shown": "x" * 501})).status_code == 400
    assert (await sends(door, {**scan, "honouring_event_id": str(uuid4())})).status_code == 404


async def test_only_door_staff_get_in(door: Visitor, pool: Pool) -> None:
    _, path, ticket = await with_ticket(pool)
    door.client.cookies.clear()
    stranger = await door.get(path)
    door.sign_in(Role.CLERK)

    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/anmelden")
    assert (await door.post(path, {"shown": ticket.short_code})).status_code == 403


async def test_an_unknown_event_has_no_door(door: Visitor) -> None:
    assert (await door.get(f"/tuer/{uuid4()}/Eingang")).status_code == 404
    assert (await door.get(f"/tuer/{uuid4()}/{'x' * 61}")).status_code == 404


async def sends(door: Visitor, scan: dict[str, str]) -> httpx.Response:
    token = await door.csrf_token()
    return await door.client.post(
        API, json=scan, headers={"x-csrf-token": token, "accept": "application/json"}
    )
