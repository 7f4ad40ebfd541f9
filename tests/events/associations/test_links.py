"""How editors give associations their links, with their browser."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.events.associations.commands.admit_association import (
    AdmitAssociation,
    admit_association,
)
from services.events.associations.commands.change_contact import ChangeContact, change_contact
from services.events.associations.commands.draft_own_event import DraftOwnEvent, draft_own_event
from services.events.associations.http.entering import HERE
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.associations.clubs import Club, a_club
from tests.events.builders import content
from tests.events.calendars import SITE, in_days
from tests.visitor import PUBLIC_URL, Visitor

LINKS = "/konsole/termine/vereine"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


@pytest.fixture
async def club(pool: Pool) -> Club:
    return await a_club(pool)


def shown_secret(page: str) -> str:
    found = re.search(rf"{PUBLIC_URL}{HERE}/([A-Za-z0-9_-]+)", page)
    return found[1] if found else ""


async def test_links_are_for_editors_only(visitor: Visitor) -> None:
    visitor.sign_in(Role.CLERK)

    assert (await visitor.get(LINKS)).status_code == 403


async def test_a_new_association_gets_a_link_that_is_shown_once(
    editor: Visitor, pool: Pool
) -> None:
    name = f"Imker {uuid4()}"

    given = await editor.post(LINKS, {"name": name, "contact_email": "imker@example.org"})
    listed = await editor.get(LINKS)
    editor.client.cookies.clear()
    opened = await editor.get(f"{HERE}/{shown_secret(given.text)}")

    assert len(shown_secret(given.text)) == 32
    assert name in listed.text
    assert not shown_secret(listed.text)
    assert opened.status_code == 303
    assert await pool.fetchval(
        "select count(*) from audit_entry where action in ('admit_association', 'give_link')"
    )


async def test_a_new_link_takes_the_place_of_the_old_one(editor: Visitor, club: Club) -> None:
    organiser_id = str(club.association.organiser_id)

    given = await editor.post(f"{LINKS}/link", {"organiser_id": organiser_id})

    assert (await editor.get(f"{HERE}/{club.token}")).status_code == 404
    assert (await editor.get(f"{HERE}/{shown_secret(given.text)}")).status_code == 303


async def test_a_link_is_called_back_after_a_question(editor: Visitor, club: Club) -> None:
    path = f"{LINKS}/{club.association.organiser_id}/sperren"

    question = await editor.get(path)
    answer = await editor.post(path)
    again = await editor.post(path)

    assert club.association.name in question.text
    assert (answer.status_code, again.status_code) == (303, 409)
    assert (await editor.get(f"{HERE}/{club.token}")).status_code == 404
    assert "gesperrt" in (await editor.get(LINKS)).text


async def test_who_never_had_a_link_is_not_said_to_be_shut_out(editor: Visitor, pool: Pool) -> None:
    name = f"Ruderverein {uuid4()}"
    async with transaction(pool) as opened:
        await admit_association(opened, AdmitAssociation(name, ""), datetime.now(UTC))

    listed = (await editor.get(LINKS)).text

    row = listed[listed.index(name) :]
    assert "noch keiner" in row[: row.index("</tr>")]


async def test_where_an_association_can_be_asked_is_kept(
    editor: Visitor, pool: Pool, club: Club
) -> None:
    path = f"{LINKS}/{club.association.organiser_id}/kontakt"

    wrong = await editor.post(path, {"contact_email": "quatsch"})
    answer = await editor.post(path, {"contact_email": "chor@example.org"})
    shown = await editor.get(path)

    assert (wrong.status_code, answer.status_code) == (422, 303)
    assert "quatsch" in wrong.text
    assert "chor@example.org" in shown.text
    assert "chor@example.org" not in "".join(
        str(row["body"]) for row in await pool.fetch("select body from outbox")
    )


@pytest.mark.parametrize("name", ["", "x" * 301])
async def test_a_name_that_makes_no_sense_is_told(editor: Visitor, name: str) -> None:
    assert (await editor.post(LINKS, {"name": name})).status_code == 422


async def test_an_organiser_that_is_not_there_is_a_404(editor: Visitor) -> None:
    nobody = UUID(int=7)

    answers = [
        await editor.post(f"{LINKS}/link", {"organiser_id": str(nobody)}),
        await editor.get(f"{LINKS}/{nobody}/sperren"),
        await editor.get(f"{LINKS}/{nobody}/kontakt"),
        await editor.post(f"{LINKS}/{nobody}/kontakt", {"contact_email": "a@example.org"}),
    ]

    assert {answer.status_code for answer in answers} == {404}


async def test_a_name_that_is_taken_is_told_beside_the_field(editor: Visitor, club: Club) -> None:
    answer = await editor.post(LINKS, {"name": club.association.name})

    assert answer.status_code == 422
    assert "gibt es schon" in answer.text


async def test_the_editor_who_reviews_sees_whom_to_ask(
    editor: Visitor, pool: Pool, club: Club
) -> None:
    starts = in_days(9)
    given = content(starts=starts, ends=starts + timedelta(hours=2))
    async with transaction(pool) as opened:
        command = ChangeContact(club.association.organiser_id, "chor@example.org")
        await change_contact(opened, command)
        draft = DraftOwnEvent(club.association, given)
        event = await draft_own_event(opened, draft, SITE, datetime.now(UTC))

    shown = await editor.get(f"/konsole/termine/{event.calendar_event_id}/pruefen")

    assert "mailto:chor%40example.org?subject=Ihre%20Veranstaltung" in shown.text
