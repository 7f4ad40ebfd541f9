"""What people see and do who register for a course, with their browser."""

from uuid import UUID

import httpx
import pytest

from services.events.courses.store import registrations
from shared.database import Pool, transaction
from tests.events.courses import builders as a
from tests.visitor import Visitor

HERE = "/kurse/anmeldung"
FIELDS = {"name": "Grit Beispiel", "email": "grit@example.org", "consent": "on"}


async def course(pool: Pool, maximum: int = 2) -> UUID:
    async with transaction(pool) as opened:
        return await a.opened(opened, minimum=1, maximum=maximum)


async def registered(pool: Pool, run_id: UUID, number: int = 1) -> UUID:
    async with transaction(pool) as opened:
        return await a.confirmed(opened, run_id, number)


async def open_link(visitor: Visitor, pool: Pool, registration_id: UUID) -> httpx.Response:
    async with transaction(pool) as opened:
        token = await a.link(opened, registration_id)
    entered = await visitor.get(f"/k/{token}")
    assert (entered.status_code, entered.headers["location"]) == (303, HERE)
    return await visitor.get(HERE)


async def state(pool: Pool, registration_id: UUID) -> str:
    async with pool.acquire() as connection:
        return (await registrations.get(connection, registration_id)).state


async def test_the_list_says_what_is_free(visitor: Visitor, pool: Pool) -> None:
    await course(pool)
    full = await course(pool, maximum=1)
    await registered(pool, full)

    shown = await visitor.get("/kurse")

    assert shown.status_code == 200
    assert "2 freie Plätze" in shown.text
    assert "Ausgebucht, Warteliste möglich" in shown.text


async def test_a_planned_run_is_nobodys_business(visitor: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        run_id = await a.planned(opened)

    for path in ("", "/angefragt", "/link-unterwegs"):
        assert (await visitor.get(f"/kurse/{run_id}{path}")).status_code == 404
    sent = await visitor.post(f"/kurse/{run_id}/anmelden", FIELDS)
    assert sent.status_code == 404


async def test_registering_sends_a_link_and_decides_nothing(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)

    answer = await visitor.post(f"/kurse/{run_id}/anmelden", FIELDS)
    shown = await visitor.get(answer.headers["location"])
    page = await visitor.get(f"/kurse/{run_id}")

    assert answer.status_code == 303
    assert "Ihr Platz zählt erst, wenn Sie den Link öffnen" in shown.text
    assert "2 freie Plätze" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "Gewinn auf www.example.org", "Bitte prüfen Sie die Schreibweise."),
        ("email", "grit", "Bitte eine vollständige E-Mail-Adresse"),
        ("consent", "", "Ohne Ihr Einverständnis können wir Sie nicht anmelden."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    visitor: Visitor, pool: Pool, field: str, typed: str, sentence: str
) -> None:
    run_id = await course(pool)

    answer = await visitor.post(f"/kurse/{run_id}/anmelden", {**FIELDS, field: typed})

    assert answer.status_code == 422
    assert f'id="{field}-fehler"' in answer.text
    assert sentence in answer.text
    kept = "grit@example.org" if field == "name" else "Grit Beispiel"
    assert f'value="{kept}"' in answer.text
    rows = "select count(*) from course_registration where course_run_id = $1"
    assert await pool.fetchval(rows, run_id) == 0


@pytest.mark.parametrize("name", ["Dr. A.B. Müller-Lüdenscheidt", "Łukasz Żółć", "Nguyễn Văn An"])
async def test_names_of_all_sorts_are_taken(visitor: Visitor, pool: Pool, name: str) -> None:
    run_id = await course(pool)

    answer = await visitor.post(f"/kurse/{run_id}/anmelden", {**FIELDS, "name": name})

    assert answer.status_code == 303


async def test_who_registers_again_and_again_is_slowed_down(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)

    answers = [await visitor.post(f"/kurse/{run_id}/anmelden", {}) for _ in range(25)]

    assert answers[-1].status_code == 429


async def test_a_link_changes_nothing_by_being_opened(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)
    async with transaction(pool) as opened:
        registration_id = await a.requested(opened, run_id)
        token = await a.link(opened, registration_id)

    await visitor.client.head(f"/k/{token}")
    await visitor.get(f"/k/{token}")
    shown = await visitor.get(HERE)
    empty = await visitor.client.post(f"{HERE}/bestaetigen")

    assert "Ihre Anmeldung ist noch nicht bestätigt." in shown.text
    assert empty.status_code == 403
    assert await state(pool, registration_id) == "requested"


async def test_a_confirmed_registration_has_a_place(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)
    async with transaction(pool) as opened:
        registration_id = await a.requested(opened, run_id)
    await open_link(visitor, pool, registration_id)

    answer = await visitor.post(f"{HERE}/bestaetigen")
    shown = await visitor.get(HERE)

    assert answer.status_code == 303
    assert "Sie haben einen Platz." in shown.text
    assert "Rechtzeitig abmelden können Sie sich bis einschließlich" in shown.text
    assert await state(pool, registration_id) == "registered"


async def test_a_full_course_says_so_before_and_puts_on_the_list(
    visitor: Visitor, pool: Pool
) -> None:
    run_id = await course(pool, maximum=1)
    await registered(pool, run_id)
    async with transaction(pool) as opened:
        registration_id = await a.requested(opened, run_id, 2)

    before = await open_link(visitor, pool, registration_id)
    await visitor.post(f"{HERE}/bestaetigen")
    after = await visitor.get(HERE)
    await visitor.post(f"{HERE}/warteliste-verlassen")
    left = await visitor.get(HERE)

    assert "Mit der Bestätigung kommen Sie auf die Warteliste" in before.text
    assert "Sie sind als Nächste oder Nächster an der Reihe." in after.text
    assert "Nicht mehr auf der Warteliste." in left.text
    assert "Wieder auf die Warteliste" in left.text


async def test_a_cancelled_place_is_offered_and_taken(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool, maximum=1)
    first = await registered(pool, run_id)
    second = await registered(pool, run_id, 2)

    await open_link(visitor, pool, first)
    question = await visitor.get(f"{HERE}/absagen")
    await visitor.post(f"{HERE}/absagen")
    gone = await visitor.get(HERE)
    offered = await open_link(visitor, pool, second)
    await visitor.post(f"{HERE}/annehmen")

    assert "Sie melden sich rechtzeitig ab." in question.text
    assert "Die Abmeldung kam rechtzeitig." in gone.text
    assert "Für Sie ist ein Platz frei geworden." in offered.text
    assert await state(pool, second) == "registered"


async def test_a_place_is_passed_on(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)
    first = await registered(pool, run_id)
    await registered(pool, run_id, 2)
    await open_link(visitor, pool, first)

    taken = await visitor.post(
        f"{HERE}/ersatz", {"name": "Kim Ersatz", "email": "grit2@example.org"}
    )
    done = await visitor.post(f"{HERE}/ersatz", {"name": "Kim Ersatz", "email": "kim@example.org"})
    shown = await visitor.get(HERE)

    assert taken.status_code == 422
    assert 'id="email-fehler"' in taken.text
    assert done.status_code == 303
    assert "Platz weitergegeben." in shown.text


async def test_what_does_not_fit_is_refused_in_words(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)
    registration_id = await registered(pool, run_id)
    await open_link(visitor, pool, registration_id)

    for part in ("bescheinigung", "warteliste-verlassen"):
        answer = await visitor.post(f"{HERE}/{part}")
        assert answer.status_code == 409
        assert "Ihre Anmeldung hat sich inzwischen geändert" in answer.text


async def test_without_a_link_nothing_opens(visitor: Visitor) -> None:
    unknown = await visitor.get("/k/" + "x" * 32)
    closed = await visitor.get(HERE)

    assert unknown.status_code == 404
    assert "Dieser Link gilt nicht (mehr)" in unknown.text
    assert closed.status_code == 403


async def test_leaving_forgets_the_link_on_this_device(visitor: Visitor, pool: Pool) -> None:
    run_id = await course(pool)
    await open_link(visitor, pool, await registered(pool, run_id))

    await visitor.post(f"{HERE}/verlassen")

    assert (await visitor.get(HERE)).status_code == 403


async def test_a_lost_link_is_sent_again_and_nobody_learns_who_takes_part(
    visitor: Visitor, pool: Pool
) -> None:
    run_id = await course(pool)
    await registered(pool, run_id)
    await pool.execute("update course_run set closes_at = now() where course_run_id = $1", run_id)
    await pool.execute("update course_registration set linked_at = now() - interval '1 hour'")
    path = f"/kurse/{run_id}"

    shown = await visitor.get(path)
    wrong = await visitor.post(f"{path}/link", {"lost_email": "grit1"})
    answers = [
        await visitor.post(f"{path}/link", {"lost_email": email})
        for email in ("grit1@example.org", "nobody@example.org")
    ]
    after = await visitor.get(answers[0].headers["location"])

    assert "Link noch einmal schicken" in shown.text
    assert wrong.status_code == 422
    assert 'id="lost_email-fehler"' in wrong.text
    assert [one.headers["location"] for one in answers] == [f"{path}/link-unterwegs"] * 2
    assert "Gibt es zu dieser Adresse eine Anmeldung" in after.text
    version = "select version from course_registration where course_run_id = $1"
    assert await pool.fetchval(version, run_id) == 3
