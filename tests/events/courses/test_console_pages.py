"""What those see and do who look after courses, with their browser."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.events.courses.model import CourseRun
from services.events.courses.store import runs
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.courses import builders as a
from tests.events.http.pages import fields_of
from tests.visitor import Visitor

LIST = "/konsole/kurse"
RUNS = f"{LIST}/durchgaenge"
COURSE = {"title": "Erste Hilfe", "description": "Wie man hilft", "price": "kostenlos"}
FIRST, SECOND = a.FIRST_DAY, a.FIRST_DAY + timedelta(days=7)
RUN = {
    "held_on": f"{FIRST:%d.%m.%Y}\n\n{SECOND:%d.%m.%Y}",
    "starts_at": "18:00",
    "ends_at": "20:30",
    "place_name": "Feuerwache",
    "minimum": "5",
    "maximum": "12",
    "opens_on": f"{a.NOW.date():%d.%m.%Y}",
    "opens_at": "00:00",
    "closes_on": f"{FIRST - timedelta(days=3):%d.%m.%Y}",
    "closes_at": "18:00",
    "withdrawal_days": "7",
    "offer_hours": "24",
}


def id_of(answer: httpx.Response) -> UUID:
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rsplit("/", 1)[1])


async def run_of(pool: Pool, run_id: UUID) -> CourseRun:
    async with pool.acquire() as connection:
        return await runs.get(connection, run_id)


async def opened(pool: Pool, people: int = 0, **changes: Any) -> UUID:
    async with transaction(pool) as begun:
        run_id = await a.opened(begun, **changes)
        for number in range(people):
            await a.confirmed(begun, run_id, number)
        return run_id


@pytest.mark.parametrize("path", [LIST, f"{LIST}/neu"])
async def test_courses_are_for_editors_only(visitor: Visitor, path: str) -> None:
    stranger = await visitor.get(path)
    visitor.sign_in(Role.CLERK)

    assert stranger.status_code == 303
    assert (await visitor.get(path)).status_code == 403


async def test_a_course_is_planned_opened_and_seen_by_everybody(
    editor: Visitor, pool: Pool
) -> None:
    course_id = id_of(await editor.post(LIST, COURSE))
    run_id = id_of(await editor.post(f"{LIST}/{course_id}/durchgang", RUN))
    hidden = await editor.get(f"/kurse/{run_id}")
    question = await editor.get(f"{RUNS}/{run_id}/oeffnen")
    answer = await editor.post(f"{RUNS}/{run_id}/oeffnen", {"version": "1"})

    seen = await editor.get(f"/kurse/{run_id}")
    event_id = (await run_of(pool, run_id)).calendar_event_id
    event = await editor.get(f"/termine/{event_id}")

    assert hidden.status_code == 404
    assert "Der Kurs steht sofort auf der Seite „Kurse“" in question.text
    assert answer.status_code == 303
    assert "12 freie Plätze" in seen.text
    assert f"/kurse/{run_id}" in event.text
    assert (await run_of(pool, run_id)).held_on == [FIRST, SECOND]
    assert "Wird mit einem Kurs geführt".lower() in (
        (await editor.get(f"/konsole/termine/{event_id}")).text.lower()
    )


@pytest.mark.parametrize(
    ("field", "typed", "shown_at"),
    [
        ("held_on", "31.02.2027", "held_on"),
        ("held_on", "morgen", "held_on"),
        ("held_on", f"{SECOND:%d.%m.%Y}\n{FIRST:%d.%m.%Y}", "held_on"),
        ("ends_at", "17:00", "ends_at"),
        ("maximum", "3", "maximum"),
        ("closes_on", f"{SECOND:%d.%m.%Y}", "closes_on"),
        ("offer_hours", "0", "offer_hours"),
    ],
    ids=["no such day", "no day", "order", "hours", "numbers", "closes late", "no hours"],
)
async def test_what_makes_no_sense_stands_beside_its_field(
    editor: Visitor, field: str, typed: str, shown_at: str
) -> None:
    course_id = id_of(await editor.post(LIST, COURSE))

    answer = await editor.post(f"{LIST}/{course_id}/durchgang", {**RUN, field: typed})

    assert answer.status_code == 422
    assert f'id="{shown_at}-fehler"' in answer.text
    assert 'value="Feuerwache"' in answer.text


async def test_a_move_says_first_who_will_be_told(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, people=3, maximum=2)
    later = FIRST + timedelta(days=30)
    given = {**RUN, "version": "2", "held_on": f"{later:%d.%m.%Y}"}

    preview = await editor.post(f"{RUNS}/{run_id}/verlegen", given)
    before = await run_of(pool, run_id)
    answer = await editor.post(f"{RUNS}/{run_id}/verlegen", {**given, "is_confirmed": "on"})

    assert "3 Personen werden sofort per E-Mail benachrichtigt" in preview.text
    assert "2 angemeldet, 0 mit Platzangebot, 1 auf der Warteliste" in preview.text
    assert before.held_on == [FIRST, SECOND]
    assert answer.status_code == 303
    assert (await run_of(pool, run_id)).held_on == [later]


async def test_a_cancellation_says_first_who_will_be_told(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, people=1)

    question = await editor.get(f"{RUNS}/{run_id}/absagen")
    answer = await editor.post(f"{RUNS}/{run_id}/absagen", {"version": "2"})
    again = await editor.post(f"{RUNS}/{run_id}/absagen", {"version": "2"})

    assert "1 Person wird sofort per E-Mail benachrichtigt" in question.text
    assert answer.status_code == 303
    assert again.status_code == 409
    assert "Abgesagt" in (await editor.get(f"/kurse/{run_id}")).text


async def test_too_few_people_are_a_decision_for_staff(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, people=1, minimum=5)
    await pool.execute("update course_run set closes_at = now() where course_run_id = $1", run_id)

    listed = await editor.get(LIST)
    question = await editor.get(f"{RUNS}/{run_id}/bestaetigen")
    await editor.post(f"{RUNS}/{run_id}/bestaetigen", {"version": "2"})

    assert "Bitte entscheiden" in listed.text
    assert "1 angemeldet, mindestens 5 waren geplant. Sie entscheiden" in question.text
    assert (await run_of(pool, run_id)).state == "confirmed"


async def test_more_places_are_offered_at_once(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, people=2, minimum=1, maximum=1)
    form = await editor.get(f"{RUNS}/{run_id}/aendern")

    answer = await editor.post(
        f"{RUNS}/{run_id}/aendern", {**RUN, "version": "2", "minimum": "1", "maximum": "2"}
    )
    fewer = await editor.post(
        f"{RUNS}/{run_id}/aendern", {**RUN, "version": "3", "minimum": "1", "maximum": "1"}
    )

    assert form.status_code == 200
    assert answer.status_code == 303
    assert "Platz angeboten" in (await editor.get(f"{RUNS}/{run_id}/teilnehmende")).text
    assert fewer.status_code == 422
    assert "So viele Plätze sind schon vergeben oder angeboten." in fewer.text


async def test_participants_are_listed_and_taken_along_as_a_table(
    editor: Visitor, pool: Pool
) -> None:
    run_id = await opened(pool, people=3, maximum=2)
    await pool.execute(
        "update course_registration set name = '=HYPERLINK(1)' where name = 'Grit Muster0'"
        " and course_run_id = $1",
        run_id,
    )

    shown = await editor.get(f"{RUNS}/{run_id}/teilnehmende")
    table = await editor.post(f"{RUNS}/{run_id}/tabelle")

    assert "grit1@example.org" in shown.text
    assert "In der Reihenfolge, in der nachgerückt wird." in shown.text
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Name;E-Mail;Telefon;Stand;Angemeldet am;Platz von;Bescheinigung gewünscht"
    assert lines[1].startswith("'=HYPERLINK(1);grit0@example.org;;Angemeldet;")
    assert len(lines) == 4
    audit = (
        "select count(*) from audit_entry where action = 'export_participants' and concerns = $1"
    )
    assert await pool.fetchval(audit, f"course_run:{run_id}") == 1


async def test_attendance_is_ticked_once_the_course_has_begun(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, people=2)
    early = await editor.post(f"{RUNS}/{run_id}/anwesenheit", {})
    await pool.execute(
        """
        update course_run set
            held_on = array[current_date - 1], opens_at = now() - interval '9 days',
            closes_at = now() - interval '8 days', first_starts_at = now() - interval '1 day',
            last_ends_at = now() - interval '20 hours'
        where course_run_id = $1
        """,
        run_id,
    )
    came: UUID = await pool.fetchval(
        "select course_registration_id from course_registration where course_run_id = $1"
        " order by name limit 1",
        run_id,
    )

    form = await editor.get(f"{RUNS}/{run_id}/teilnehmende")
    everybody = await editor.get(f"{RUNS}/{run_id}/teilnehmende?auswahl=alle")
    answer = await editor.post(f"{RUNS}/{run_id}/anwesenheit", {"attended": str(came)})
    nonsense = await editor.post(f"{RUNS}/{run_id}/anwesenheit", {"attended": "x"})
    shown = await editor.get(f"{RUNS}/{run_id}/teilnehmende")

    assert early.status_code == 409
    assert "Anwesenheit speichern" in form.text
    boxes = 'name="attended"[^>]* checked'
    assert [len(re.findall(boxes, one.text)) for one in (form, everybody)] == [0, 2]
    assert answer.status_code == 303
    assert nonsense.status_code == 400
    assert ("Teilgenommen" in shown.text, "Nicht erschienen" in shown.text) == (True, True)


async def test_a_run_is_planned_like_another_one_on_other_days(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, maximum=7)
    source = await run_of(pool, run_id)
    base = f"{LIST}/{source.course_id}/durchgang"

    offered = await editor.get(f"{RUNS}/{run_id}")
    fields = fields_of((await editor.get(f"{base}?vorlage={run_id}")).text)
    nobody = await editor.get(f"{base}?vorlage={uuid4()}")
    without_days = await editor.post(base, fields)

    assert f"{base}?vorlage={run_id}" in offered.text
    assert [fields[name] for name in ("held_on", "opens_on", "closes_on")] == [[""]] * 3
    assert fields["maximum"] == ["7"]
    assert fields["place_name"] == [source.place_name]
    assert nobody.status_code == 404
    assert without_days.status_code == 422


async def test_a_course_is_changed_for_all_its_runs(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool)
    course_id = (await run_of(pool, run_id)).course_id

    form = await editor.get(f"{LIST}/{course_id}/aendern")
    answer = await editor.post(
        f"{LIST}/{course_id}/aendern", {**COURSE, "version": "1", "title": "Neuer Name"}
    )
    stale = await editor.post(f"{LIST}/{course_id}/aendern", {**COURSE, "version": "1"})

    assert 'value="Buchführung für Vereine"' in form.text
    assert answer.status_code == 303
    assert stale.status_code == 422
    assert "inzwischen von jemand anderem geändert" in stale.text
    assert "Neuer Name" in (await editor.get(f"/kurse/{run_id}")).text
