"""Clerks take down what guests say on the telephone or write on the reply card."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from shared.auth import Role
from shared.database import Pool, transaction
from tests.conftest import Database
from tests.recognition.honouring.guests import past_deadline, read
from tests.recognition.honouring.pages import Invited, browsing, invited
from tests.visitor import Visitor


@pytest.fixture
async def clerk(database: Database) -> AsyncIterator[Visitor]:
    """A clerk's browser."""
    async with browsing(database) as visitor:
        visitor.sign_in(Role.CLERK, name="Karla Kartei")
        yield visitor


CARDS = "/konsole/konzerte/antworten"


def page_of(event: Invited) -> str:
    invitation_id = event.letters[0].invitation_id
    return f"/konsole/konzerte/{event.event_id}/gaeste/{invitation_id}/antwort"


async def test_a_late_reply_card_is_recorded_with_channel_and_clerk(
    clerk: Visitor, pool: Pool
) -> None:
    event = await invited(pool)
    async with transaction(pool) as opened:
        await past_deadline(opened, event.event_id)

    answer = await clerk.post(page_of(event), {"via": "letter", "coming": "ja", "seats": "1"})

    shown = await clerk.get(page_of(event))
    assert answer.status_code == 303
    assert answer.headers["location"] == CARDS
    assert "Karla Kartei" in shown.text
    assert "Brief" in shown.text
    async with pool.acquire() as connection:
        invitation = (await read(connection, event.letters[0].invitation_id)).invitation
    assert (invitation.state, invitation.answered_via) == ("accepted", "letter")


async def test_the_code_on_the_reply_card_leads_to_the_guest(clerk: Visitor, pool: Pool) -> None:
    event = await invited(pool)

    found = await clerk.post(CARDS, {"code": event.letters[0].letter_code.replace("-", "")})
    unknown = await clerk.post(CARDS, {"code": "7KQM-4T2X-9HRD"})

    assert found.headers["location"] == page_of(event)
    assert unknown.status_code == 422
    assert 'id="code-fehler"' in unknown.text


async def test_a_caller_is_found_by_name(clerk: Visitor, pool: Pool) -> None:
    event = await invited(pool)

    found = await clerk.get(CARDS, params={"suche": "BEISPIEL"})
    async with pool.acquire() as connection:
        given, family = await connection.fetchval(
            """
            select array[given_name, family_name] from known_person
            inner join invitation using (person_id) where invitation_id = $1
            """,
            event.letters[0].invitation_id,
        )
    for typed in (f"{family}, {given}", f"{family}, {given[:2]}", f"{given} {family}"):
        assert page_of(event) in (await clerk.get(CARDS, params={"suche": typed})).text
    nobody = await clerk.get(CARDS, params={"suche": "Unbekannt"})

    assert page_of(event) in found.text
    assert "Niemand" in nobody.text


async def test_how_the_answer_came_must_be_said(clerk: Visitor, pool: Pool) -> None:
    event = await invited(pool)

    answer = await clerk.post(page_of(event), {"coming": "nein"})
    nothing = await clerk.post(page_of(event), {"via": "phone"})

    assert answer.status_code == 422
    assert 'id="via-fehler"' in answer.text
    assert ">Antwort des Gastes: Bitte wählen Sie etwas aus.<" in nothing.text


async def test_an_answer_stands_only_under_its_own_event(clerk: Visitor, pool: Pool) -> None:
    event, other = await invited(pool), await invited(pool)
    astray = page_of(event).replace(str(event.event_id), str(other.event_id))

    assert (await clerk.get(astray)).status_code == 404
    assert (
        await clerk.get(page_of(event).replace(str(event.event_id), str(uuid4())))
    ).status_code == 404


async def test_door_staff_do_not_record_answers(clerk: Visitor, pool: Pool) -> None:
    event = await invited(pool)
    clerk.client.cookies.clear()
    clerk.sign_in(Role.DOOR)

    answer = await clerk.post(page_of(event), {"via": "phone", "coming": "nein"})

    assert answer.status_code == 403
