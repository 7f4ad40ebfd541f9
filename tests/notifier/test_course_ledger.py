"""The ledger says to editors whose course a message is about, and to nobody else who takes part."""

import csv
import io
from uuid import UUID, uuid4

import pytest

from shared.auth import Role
from shared.contracts.courses import CourseRegistrationDetails
from shared.contracts.events import CourseRegistered, CourseRegistrationRequested
from shared.web.navigation import MESSAGES_WAIT
from tests.notifier.builders import guest
from tests.notifier.conftest import Office
from tests.notifier.enrolled import RUN_ID, about, enrolled, hear
from tests.notifier.queued import rows
from tests.visitor import Visitor

MESSAGES = "/konsole/nachrichten"
COURSE = "Buchführung für Vereine"
GRIT = UUID("0197b000-0000-7000-8000-0000000000a1")


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    """An editor's browser."""
    visitor.sign_in(Role.EDITOR)
    return visitor


async def take_part(office: Office, name: str, registration_id: UUID) -> CourseRegistrationDetails:
    told = office.neighbours.enrol(enrolled(name=name, course_registration_id=registration_id))
    await hear(office.pool, CourseRegistered(**about(told)))
    return told


async def both(office: Office) -> None:
    """Have one message to a guest and two to participants."""
    await office.hear(office.neighbours.know(guest(), given_name="Änne", family_name="Müßig"))
    await take_part(office, "Grit Beispiel", GRIT)
    await take_part(office, "Otto Übermut", uuid4())


async def table(visitor: Visitor, query: str = "") -> list[list[str]]:
    sheet = await visitor.post(f"{MESSAGES}/tabelle?{query}")
    assert sheet.status_code == 200
    return list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig")), delimiter=";"))


async def test_editors_see_participants_and_their_course_and_no_guest(
    editor: Visitor, office: Office
) -> None:
    await both(office)

    shown = (await editor.get(MESSAGES)).text
    kinds = await editor.get(f"{MESSAGES}?zweck=invitation")

    way = f"/konsole/kurse/durchgaenge/{RUN_ID}/teilnehmende/{GRIT}"
    assert f'<a class="kern-link" href="{way}">Grit Beispiel</a>' in shown
    assert COURSE in shown
    assert "1 bis 2 von 2" in shown
    assert "Müßig" not in shown
    assert 'value="invitation"' not in shown
    assert kinds.status_code == 400


@pytest.mark.parametrize("role", [Role.FOUNDATION, Role.CLERK, Role.PROTOCOL, Role.ADMIN])
async def test_all_others_see_the_course_and_not_who_takes_part(
    visitor: Visitor, office: Office, role: Role
) -> None:
    await both(office)

    visitor.sign_in(role)
    shown = (await visitor.get(MESSAGES)).text
    sheet = (await visitor.get(f"{MESSAGES}/tabelle")).content.decode()

    assert COURSE in shown
    assert "Grit Beispiel" not in shown
    assert COURSE in sheet
    assert "Grit Beispiel" not in sheet
    assert ("Müßig" in shown) == (role is not Role.ADMIN)


async def test_who_has_not_confirmed_is_named_to_nobody(editor: Visitor, office: Office) -> None:
    told = office.neighbours.enrol(enrolled(state="requested", version=1))
    await hear(office.pool, CourseRegistrationRequested(**about(told)))

    shown = (await editor.get(MESSAGES)).text

    assert "Kurs: Link zur Anmeldung" in shown
    assert told.name not in shown


async def test_the_ledger_is_searched_by_name_course_and_registration(
    editor: Visitor, office: Office
) -> None:
    await both(office)
    other = office.neighbours.enrol(enrolled(course_run_id=uuid4(), title="Erste Hilfe"))
    await hear(office.pool, CourseRegistered(**about(other)))

    named = (await editor.get(f"{MESSAGES}?suche=ÜBERMUT")).text
    nobody = (await editor.get(f"{MESSAGES}?suche=Müßig")).text
    of_course = (await editor.get(f"{MESSAGES}?kurs={RUN_ID}")).text
    of_one = (await editor.get(f"{MESSAGES}?anmeldung={GRIT}")).text
    wrong = await editor.get(f"{MESSAGES}?kurs=jeder")

    assert ("Otto Übermut" in named, "Grit" in named) == (True, False)
    assert "Dazu gibt es keine Nachricht." in nobody
    assert f'<option value="{RUN_ID}" selected>{COURSE}, ab' in of_course
    assert "1 bis 2 von 2" in of_course
    assert ("Grit" in of_one, "Otto" in of_one) == (True, False)
    assert wrong.status_code == 400


async def test_a_clerk_searches_guests_by_name(visitor: Visitor, office: Office) -> None:
    await both(office)

    visitor.sign_in(Role.CLERK)
    guests = (await visitor.get(f"{MESSAGES}?suche=müßig")).text
    participants = (await visitor.get(f"{MESSAGES}?suche=grit")).text

    assert "Änne Müßig" in guests
    assert "1 bis 1 von 1" in guests
    assert "Dazu gibt es keine Nachricht." in participants


async def test_a_table_with_names_is_noted_and_has_only_those_that_one_sees(
    editor: Visitor, office: Office
) -> None:
    await both(office)

    lines = await table(editor, "suche=grit")
    noted = await office.pool.fetchrow(
        "select action, details from audit_entry order by position desc limit 1"
    )
    editor.sign_in(Role.FOUNDATION)
    names = {line[0] for line in await table(editor)}
    editor.sign_in(Role.ADMIN)
    operator = await editor.post(f"{MESSAGES}/tabelle")

    assert lines[0][:4] == ["Name", "Zweck", "Empfänger", "Veranstaltung oder Kurs"]
    assert [line[:4] for line in lines[1:]] == [
        ["Grit Beispiel", "Kurs: Anmeldung bestätigt", "Kursteilnahme", COURSE]
    ]
    assert noted is not None
    assert (noted["action"], noted["details"]) == ("export_messages", {"messages": 1})
    assert names == {"Name", "Änne Müßig", ""}
    assert operator.status_code == 403


async def test_editors_send_a_course_mail_again_and_nothing_else(
    editor: Visitor, office: Office
) -> None:
    office.server.script("recipients", "550 5.1.1 unknown", "550 5.1.1 unknown")
    await office.hear(office.neighbours.know(guest()))
    await take_part(office, "Grit Beispiel", GRIT)
    await office.send_all()
    failed = {one.purpose: one.message_id for one in await rows(office.pool)}

    shown = (await editor.get(f"{MESSAGES}?zustand=fehler")).text
    course = await editor.post(f"{MESSAGES}/{failed['course_place']}/erneut")
    invitation = await editor.post(f"{MESSAGES}/{failed['invitation']}/erneut")
    letter = await editor.post(f"{MESSAGES}/{failed['invitation']}/brief")
    pause = await editor.post(f"{MESSAGES}/anhalten")

    assert "Erneut senden" in shown
    assert "Versand anhalten" not in shown
    assert [course.status_code, invitation.status_code] == [303, 404]
    assert [letter.status_code, pause.status_code] == [403, 403]
    states = {one.purpose: one.state for one in await rows(office.pool)}
    assert states == {"invitation": "failed", "course_place": "queued"}


async def test_the_ledger_is_shown_while_events_does_not_answer(
    visitor: Visitor, office: Office
) -> None:
    await both(office)
    office.neighbours.is_events_in_trouble = True

    visitor.sign_in(Role.CLERK, Role.EDITOR)
    shown = await visitor.get(MESSAGES)

    assert shown.status_code == 200
    assert "Namen und Kurse fehlen zum Teil" in shown.text
    assert "Änne Müßig" in shown.text
    assert "Grit Beispiel" not in shown.text


async def test_tiles_say_what_did_not_arrive_among_what_one_sees(
    editor: Visitor, office: Office
) -> None:
    nothing = (await editor.get(MESSAGES_WAIT)).text
    office.server.script("recipients", "550 5.1.1 unknown", "550 5.1.1 unknown")
    await both(office)
    await office.hear(office.neighbours.know(guest(), email=""))
    await office.send_all()

    own = (await editor.get(MESSAGES_WAIT)).text
    editor.sign_in(Role.CLERK)
    everything = (await editor.get(MESSAGES_WAIT)).text

    failed = [one.purpose for one in await rows(office.pool) if one.state == "failed"]
    courses = sum(purpose == "course_place" for purpose in failed)
    assert len(failed) == 2
    assert "Nichts wartet." in nothing
    assert (f"{courses} nicht zugestellt" if courses else "Nichts wartet.") in own
    assert "Brief" not in own
    assert "2 nicht zugestellt" in everything
    assert "1 Brief zu drucken" in everything


async def test_a_tile_says_that_sending_is_stopped(editor: Visitor, office: Office) -> None:
    await office.pool.execute("update sending_control set paused_at = now(), paused_by = 'x'")

    assert "der Versand ist angehalten" in (await editor.get(MESSAGES_WAIT)).text
