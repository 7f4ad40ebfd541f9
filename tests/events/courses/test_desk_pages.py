"""What staff see and do at the telephone, and participants who want to be forgotten."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.events.courses.described import described
from services.events.courses.store import courses, places, registrations, runs
from shared.auth import Role
from shared.database import Pool, transaction
from tests.events.courses import builders as a
from tests.visitor import Visitor

RUNS = "/konsole/kurse/durchgaenge"
CALLER = {"name": "Ruf Anrufer", "phone": "0351 12345", "consent": "on"}


async def opened(pool: Pool, *, needs_proof: bool = False, **changes: Any) -> UUID:
    async with transaction(pool) as begun:
        return await a.opened(begun, says=a.texts(needs_proof=needs_proof), **changes)


async def confirmed(pool: Pool, run_id: UUID, number: int = 1) -> UUID:
    async with transaction(pool) as begun:
        return await a.confirmed(begun, run_id, number)


async def state(pool: Pool, registration_id: UUID) -> str:
    async with pool.acquire() as connection:
        return (await registrations.get(connection, registration_id)).state


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    """Somebody who looks after courses."""
    visitor.sign_in(Role.EDITOR)
    return visitor


async def test_a_caller_without_mail_is_registered_and_must_be_called(
    editor: Visitor, pool: Pool
) -> None:
    run_id = await opened(pool)
    people = f"{RUNS}/{run_id}/teilnehmende"

    form = await editor.get(f"{people}/neu")
    sent = await editor.post(f"{people}/neu", CALLER)
    shown = await editor.get(sent.headers["location"])
    listed = await editor.get(people)
    question = await editor.get(f"{RUNS}/{run_id}/absagen")
    sheet = await editor.post(f"{RUNS}/{run_id}/tabelle", {})

    assert form.status_code == 200
    assert "Ohne E-Mail-Adresse" in shown.text
    assert "0351 12345" in listed.text
    assert "nur telefonisch" in listed.text
    assert "1 Person hat keine E-Mail-Adresse: Bitte rufen Sie an." in question.text
    assert "Ruf Anrufer;;0351 12345;Angemeldet" in sheet.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"phone": ""}, "Bitte eine E-Mail-Adresse oder eine Telefonnummer eintragen."),
        ({"consent": ""}, "Bitte lesen Sie den Hinweis vor"),
        ({"phone": "ruf mich an"}, "Telefon"),
        ({"name": "www.example.org"}, "Vor- und Nachname"),
    ],
)
async def test_what_is_missing_is_said_beside_the_field(
    editor: Visitor, pool: Pool, given: dict[str, str], says: str
) -> None:
    run_id = await opened(pool)

    sent = await editor.post(f"{RUNS}/{run_id}/teilnehmende/neu", CALLER | given)

    assert sent.status_code == 422
    assert says in sent.text


async def test_a_proof_is_seen_or_refused_with_a_reason(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, needs_proof=True)
    first, second = [await confirmed(pool, run_id, number) for number in (1, 2)]
    people = f"{RUNS}/{run_id}/teilnehmende"

    listed = await editor.get(people)
    await editor.post(f"{people}/{first}/nachweis", {})
    empty = await editor.post(f"{people}/{second}/nachweis-ablehnen", {"refusal": ""})
    await editor.post(f"{people}/{second}/nachweis-ablehnen", {"refusal": "Abgelaufen."})
    refused = await editor.get(f"{people}/{second}")

    assert "Nachweis fehlt" in listed.text
    assert empty.status_code == 422
    assert await state(pool, first) == "registered"
    assert await state(pool, second) == "refused"
    assert "Abgelaufen." in refused.text


async def test_staff_do_what_somebody_says_on_the_telephone(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, minimum=1, maximum=1)
    first, second, third = [await confirmed(pool, run_id, number) for number in (1, 2, 3)]
    people = f"{RUNS}/{run_id}/teilnehmende"

    question = await editor.get(f"{people}/{first}/abmelden")
    await editor.post(f"{people}/{first}/abmelden", {})
    offered = await state(pool, second)
    await editor.post(f"{people}/{second}/annehmen", {})
    await editor.post(f"{people}/{third}/warteliste-verlassen", {})

    assert "Grit Muster1 abmelden?" in question.text
    assert await state(pool, first) == "cancelled_in_time"
    assert offered == "offered"
    assert await state(pool, second) == "registered"
    assert await state(pool, third) == "left"


async def test_somebody_is_erased_after_a_question(editor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool)
    mine = await confirmed(pool, run_id)
    path = f"{RUNS}/{run_id}/teilnehmende/{mine}"

    question = await editor.get(f"{path}/loeschen")
    await editor.post(f"{path}/loeschen", {})
    shown = await editor.get(path)

    assert "Angaben von Grit Muster1 löschen?" in question.text
    assert "Das lässt sich nicht zurücknehmen." in question.text
    assert "Gelöschte Anmeldung" in shown.text
    assert "grit1@example.org" not in shown.text
    noted = await pool.fetchval(
        "select count(*) from audit_entry where action = 'erase_participant'"
    )
    assert noted >= 1


async def test_a_registration_is_found_under_its_own_run_only(editor: Visitor, pool: Pool) -> None:
    mine = await confirmed(pool, await opened(pool))
    other = await opened(pool)

    for deed in ("", "/abmelden", "/loeschen"):
        assert (await editor.get(f"{RUNS}/{other}/teilnehmende/{mine}{deed}")).status_code == 404
    sent = await editor.post(f"{RUNS}/{other}/teilnehmende/{mine}/loeschen", {})
    assert sent.status_code == 404
    assert await state(pool, mine) == "registered"


async def test_a_participant_erases_everything_on_their_own_page(
    visitor: Visitor, pool: Pool
) -> None:
    run_id = await opened(pool)
    mine = await confirmed(pool, run_id)
    async with transaction(pool) as begun:
        token = await a.link(begun, mine)
    await visitor.get(f"/k/{token}")

    question = await visitor.get("/kurse/anmeldung/loeschen")
    sent = await visitor.post("/kurse/anmeldung/loeschen", {})
    again = await visitor.get(f"/k/{token}")

    assert "löschen?" in question.text
    assert (sent.status_code, sent.headers["location"]) == (303, "/kurse")
    assert again.status_code == 404
    assert await state(pool, mine) == "cancelled_in_time"


async def test_a_participant_reads_what_is_missing(visitor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, needs_proof=True)
    mine = await confirmed(pool, run_id)
    async with transaction(pool) as begun:
        token = await a.link(begun, mine)
    await visitor.get(f"/k/{token}")

    page = await visitor.get(f"/kurse/{run_id}")
    waits = await visitor.get("/kurse/anmeldung")
    await visitor.post("/kurse/anmeldung/warteliste-verlassen", {})

    assert "Bitte halten Sie einen Nachweis bereit" in page.text
    assert "Ihr Nachweis fehlt noch." in waits.text
    assert "Ersatzperson" not in waits.text
    assert await state(pool, mine) == "left"


async def test_search_engines_read_the_course_and_its_run(visitor: Visitor, pool: Pool) -> None:
    run_id = await opened(pool, maximum=10)
    await confirmed(pool, run_id)

    page = await visitor.get(f"/kurse/{run_id}")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text)

    assert found is not None
    told = json.loads(found[1])
    (instance,) = told["hasCourseInstance"]
    first = a.FIRST_DAY.isoformat()
    assert (told["@type"], told["name"]) == ("Course", "Buchführung für Vereine")
    assert told["provider"]["name"] == "Volkshochschule Elbstadt"
    assert told["offers"]["price"] == "0.00"
    assert told["isAccessibleForFree"] is True
    assert (instance["@type"], instance["courseMode"]) == ("CourseInstance", "onsite")
    assert instance["startDate"].startswith(f"{first}T18:00:00+0")
    assert instance["location"] == {
        "@type": "Place",
        "name": "Volkshochschule",
        "address": "Lindenplatz 10",
    }
    assert instance["eventStatus"] == "https://schema.org/EventScheduled"
    assert (instance["maximumAttendeeCapacity"], instance["remainingAttendeeCapacity"]) == (10, 9)
    assert len(instance["subEvent"]) == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("state = 'cancelled'", "EventCancelled"),
        ("previous_starts_at = first_starts_at", "EventRescheduled"),
    ],
)
async def test_search_engines_read_what_has_become_of_a_run(
    pool: Pool, change: str, status: str
) -> None:
    run_id = await opened(pool)
    await pool.execute(
        f"update course_run set {change} where course_run_id = $1",  # noqa: S608 - fixed words
        run_id,
    )
    async with pool.acquire() as connection:
        run = await runs.get(connection, run_id)
        course = await courses.get(connection, run.course_id)
        balance = await places.balance(connection, run_id)

    (instance,) = described(course, run, balance, a.SITE)["hasCourseInstance"]

    assert instance["eventStatus"] == f"https://schema.org/{status}"
    assert ("previousStartDate" in instance) == (status == "EventRescheduled")
    assert run.times.last_ends_at - run.times.first_starts_at > timedelta(days=1)
