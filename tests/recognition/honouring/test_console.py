"""The foundation plans a concert through its pages, from the empty form to the sent wave."""

import re
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from services.recognition.app import create
from services.recognition.honouring.store import events, quotas, waves
from shared.auth import Role
from shared.database import Pool, transaction
from shared.web.access import Kind, role_matrix
from tests.conftest import Database
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.settings import settings_for
from tests.visitor import Visitor, visiting

LIST = "/konsole/konzerte"
PLAN = {
    "title": "Ehrenamtskonzert 2031",
    "programme": "Die Philharmonie spielt.",
    "venue_name": "Kulturpalast",
    "venue_address": "Schloßstraße 2",
    "held_on": "2031-02-08",
    "doors_open_at": "18:00",
    "starts_at": "19:00",
    "ends_at": "21:00",
    "nominate_by_on": "2030-11-30",
    "answer_by_on": "2031-01-10",
    "offer_hours": "48",
    "most_seats": "2",
    "volunteer": "1.257",
    "protocol": "500",
    "standard": "1.721",
    "wheelchair": "18",
    "companion": "18",
}


@pytest.fixture
async def browser(database: Database) -> AsyncIterator[Visitor]:
    """A browser without cookies at recognition's pages."""
    async with visiting(create(settings_for(database))) as visitor:
        yield visitor


@pytest.fixture
async def foundation(browser: Visitor) -> Visitor:
    """A browser in which the foundation is signed in."""
    browser.sign_in(Role.FOUNDATION)
    return browser


async def planned(pool: Pool) -> str:
    """Where the page of a concert in its first phase is."""
    async with transaction(pool) as opened:
        return f"{LIST}/{await a.planned(opened)}"


async def selected(pool: Pool, count: int) -> tuple[UUID, str]:
    """A concert with so many selected guests who are not invited, and where its page is."""
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        await a.proposed(opened, event_id, await a.people(opened, count))
        await a.selected(opened, event_id, places=count)
    return event_id, f"{LIST}/{event_id}"


async def test_a_concert_is_planned_in_the_form(foundation: Visitor) -> None:
    answer = await foundation.post(LIST, PLAN)

    assert answer.status_code == 303
    shown = await foundation.get(answer.headers["location"])
    assert "Samstag, 8. Februar 2031" in shown.text
    assert "1.257" in shown.text


async def test_a_form_with_mistakes_comes_back_with_what_was_typed(foundation: Visitor) -> None:
    answer = await foundation.post(LIST, {**PLAN, "doors_open_at": "20:00", "volunteer": "5000"})

    assert answer.status_code == 422
    assert "Der Einlass muss vor dem Beginn liegen." in answer.text
    assert 'id="volunteer-fehler"' in answer.text
    assert 'value="Ehrenamtskonzert 2031"' in answer.text


async def test_a_concert_may_end_after_midnight(foundation: Visitor, pool: Pool) -> None:
    answer = await foundation.post(LIST, {**PLAN, "ends_at": "00:30"})

    async with transaction(pool) as opened:
        event_id = UUID(answer.headers["location"].rsplit("/")[-1])
        assert (await events.get(opened, event_id)).ends_at.isoformat() == "2031-02-09T00:30:00"


async def test_every_page_of_a_concert_opens(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, 2)
        await a.association(opened)
    parts = ["", "/kontingente", "/vorschlaege", "/auswahl", "/einladungen", "/gaeste"]
    parts += ["/bearbeiten", "/verlegen", "/absagen", "/auswahl?places=3"]

    pages = {part: await foundation.get(f"{LIST}/{event_id}{part}") for part in parts}

    assert {part: answer.status_code for part, answer in pages.items()} == dict.fromkeys(parts, 200)


async def test_the_protocol_office_sees_everything_and_changes_nothing(
    browser: Visitor, pool: Pool
) -> None:
    base = await planned(pool)
    browser.sign_in(Role.PROTOCOL)

    shown = await browser.get(f"{base}/kontingente")
    answer = await browser.post(f"{base}/kontingente/ueblich")

    assert shown.status_code == 200
    assert '<form method="post" action="/konsole/konzerte' not in shown.text
    assert answer.status_code == 403


async def test_only_the_foundation_changes_anything(database: Database) -> None:
    changing = [
        line
        for line in role_matrix(create(settings_for(database)))
        if line.path.startswith(LIST) and line.method != "GET" and "antwort" not in line.path
    ]

    assert len(changing) > 10
    assert all(line.access.kind is Kind.STAFF for line in changing)
    assert {role for line in changing for role in Role if line.admits(role)} == {Role.FOUNDATION}


async def test_a_mistyped_quota_is_told_beside_its_field(foundation: Visitor, pool: Pool) -> None:
    base = await planned(pool)
    async with transaction(pool) as opened:
        club = await a.association(opened, "Chor am Elbhang")

    answer = await foundation.post(f"{base}/kontingente", {f"places_{club}": "viele"})

    assert answer.status_code == 422
    assert f'id="places_{club}-fehler"' in answer.text
    assert 'value="viele"' in answer.text


async def test_quotas_come_from_a_table(foundation: Visitor, pool: Pool) -> None:
    base = await planned(pool)
    async with transaction(pool) as opened:
        club = await a.association(opened, "Löwenchor")
    sheet = "Verein;Plätze\r\nlöwenchor;5\r\n".encode("cp1252")

    answer = await foundation.post(
        f"{base}/kontingente/tabelle", files={"file": ("kontingente.csv", sheet)}
    )

    assert answer.status_code == 303, answer.text
    async with transaction(pool) as opened:
        listed = await quotas.listed(opened, UUID(base.rsplit("/")[-1]))
    assert {one.organisation_id: one.places for one in listed}[club] == 5


async def test_a_table_with_a_mistake_changes_nothing(foundation: Visitor, pool: Pool) -> None:
    base = await planned(pool)
    async with transaction(pool) as opened:
        await a.association(opened, "Turnverein")
    sheet = "Verein;Plätze\nTurnverein;5\nUnbekannt;3\n".encode()

    answer = await foundation.post(
        f"{base}/kontingente/tabelle", files={"file": ("kontingente.csv", sheet)}
    )

    assert answer.status_code == 422
    assert "Zeile 3" in answer.text
    async with transaction(pool) as opened:
        listed = await quotas.listed(opened, UUID(base.rsplit("/")[-1]))
    assert {one.places for one in listed} == {None}


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"nur ein Wort", b"\xff\xfe\x00;\x00"])
async def test_a_file_that_is_no_table_is_refused_in_words(
    foundation: Visitor, pool: Pool, content: bytes
) -> None:
    base = await planned(pool)

    answer = await foundation.post(
        f"{base}/kontingente/tabelle", files={"file": ("kontingente.csv", content)}
    )

    assert answer.status_code == 422
    assert 'id="file-fehler"' in answer.text


async def test_guests_are_drawn_after_a_rehearsal_without_names(
    foundation: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        person_ids = await a.people(opened, 3, name="Wilhelmine Auslosung")
        await a.proposed(opened, event_id, person_ids)
    base = f"{LIST}/{event_id}"
    await foundation.post(f"{base}/vorschlaege/schliessen")

    rehearsal = await foundation.get(f"{base}/auswahl?places=2")
    drawn = await foundation.post(f"{base}/auswahl", {"places": "2", "seed": "12 17 23"})
    minutes = await foundation.get(drawn.headers["location"])

    assert "Auslosung" not in rehearsal.text
    assert minutes.text.count("Auslosung, Wilhelmine") == 3
    assert minutes.text.count(">vorgemerkt<") == 1
    assert "12 17 23" in minutes.text


async def test_a_wave_is_sent_only_after_it_was_confirmed(foundation: Visitor, pool: Pool) -> None:
    event_id, base = await selected(pool, 3)
    wanted = {"audience": "all", "answer_by_on": "2031-01-10"}

    question = await foundation.post(f"{base}/einladungen", wanted)
    async with transaction(pool) as opened:
        before = await waves.listed(opened, event_id)
    answer = await foundation.post(f"{base}/einladungen", {**wanted, "expected": "3"})
    async with transaction(pool) as opened:
        after = await waves.listed(opened, event_id)

    assert "3 Personen einladen?" in question.text
    assert before == []
    assert answer.status_code == 303
    assert [wave.invited for wave in after] == [3]


async def test_a_wave_confirmed_twice_goes_out_once(foundation: Visitor, pool: Pool) -> None:
    event_id, base = await selected(pool, 2)
    confirmed = {"audience": "all", "answer_by_on": "2031-01-10", "expected": "2"}

    await foundation.post(f"{base}/einladungen", confirmed)
    again = await foundation.post(f"{base}/einladungen", confirmed)

    assert again.status_code == 422
    async with transaction(pool) as opened:
        assert len(await waves.listed(opened, event_id)) == 1


async def test_a_concert_is_moved_only_after_it_was_confirmed(
    foundation: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, 2)
    path = f"{LIST}/{event_id}/verlegen"
    form = await foundation.get(path)
    version = re.search(r'name="version" value="(\d+)"', form.text)
    assert version
    moved = {key: PLAN[key] for key in ("venue_name", "doors_open_at", "starts_at", "ends_at")}
    moved |= {"held_on": "2031-02-22", "answer_by_on": "2031-01-20", "version": version[1]}

    question = await foundation.post(path, moved)
    async with transaction(pool) as opened:
        before = await events.get(opened, event_id)
    answer = await foundation.post(path, {**moved, "is_confirmed": "on"})
    async with transaction(pool) as opened:
        after = await events.get(opened, event_id)

    assert "2 Gäste werden sofort" in question.text
    assert before.starts_at == a.STARTS_AT
    assert answer.status_code == 303
    assert after.starts_at.isoformat() == "2031-02-22T19:00:00"


async def test_cancelling_names_how_many_people_are_told(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, 2)

    question = await foundation.get(f"{LIST}/{event_id}/absagen")
    await foundation.post(f"{LIST}/{event_id}/absagen")

    assert "2 Gäste werden sofort per E-Mail oder Brief benachrichtigt." in question.text
    assert "abgesagt" in (await foundation.get(f"{LIST}/{event_id}")).text


async def test_an_exported_name_is_no_formula(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        evil = await a.person(opened, "Max =HYPERLINK(1)")
        await a.proposed(opened, event_id, [evil])
        await a.selected(opened, event_id)
        await a.invite(opened, event_id, 1)

    answer = await foundation.post(f"{LIST}/{event_id}/gaeste/tabelle")

    assert "'=HYPERLINK(1);Max" in answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


async def test_the_guest_list_is_searched_and_filtered(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        people = [await a.person(opened, "Uta Finder"), await a.person(opened, "Jan Rest")]
        await a.proposed(opened, event_id, people)
        await a.selected(opened, event_id)
        await a.invite(opened, event_id, 2)
    path = f"{LIST}/{event_id}/gaeste"

    found = await foundation.get(f"{path}?suche=find")
    nobody = await foundation.get(f"{path}?antwort=accepted")

    assert "Finder, Uta" in found.text
    assert "Rest, Jan" not in found.text
    assert "Kein Gast passt dazu." in nobody.text


async def test_people_of_one_name_are_told_apart_by_their_associations(
    foundation: Visitor, pool: Pool
) -> None:
    base = await planned(pool)
    async with transaction(pool) as opened:
        for club in ("Ruderclub", "Tierheim"):
            await a.association(opened, club, members=[await a.person(opened, "Eva Doppel")])

    shown = await foundation.get(f"{base}/vorschlaege?person=doppel")

    assert "Eva Doppel (Ruderclub)" in shown.text
    assert "Eva Doppel (Tierheim)" in shown.text


async def test_who_is_called_so_comes_before_who_has_it_within_the_name(
    foundation: Visitor, pool: Pool
) -> None:
    base = await planned(pool)
    async with transaction(pool) as opened:
        await a.person(opened, "Anna Krebschmar")
        await a.person(opened, "Zoe Schmarsow")

    shown = await foundation.get(f"{base}/vorschlaege?person=schmar")

    assert 0 < shown.text.index("Zoe Schmarsow") < shown.text.index("Anna Krebschmar")


async def test_associations_with_a_quota_stand_first(foundation: Visitor, pool: Pool) -> None:
    async with transaction(pool) as opened:
        event_id = await a.planned(opened)
        await a.association(opened, "Aquarienfreunde Ohnequote")
        await a.association(opened, "Zitherclub Mitquote", quota=(event_id, 3))

    shown = await foundation.get(f"{LIST}/{event_id}/kontingente")

    assert shown.text.index("Zitherclub Mitquote") < shown.text.index("Aquarienfreunde Ohnequote")


async def test_no_more_guests_are_asked_for_than_there_are_proposals(
    foundation: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id = await a.opened(opened)
        await a.proposed(opened, event_id, await a.people(opened, 3))

    shown = await foundation.get(f"{LIST}/{event_id}/auswahl")

    assert "3 Vorschläge stehen zur Auswahl." in shown.text
    assert 'name="places" type="text" value="3"' in shown.text


async def test_what_staff_do_is_written_down(foundation: Visitor, pool: Pool) -> None:
    answer = await foundation.post(LIST, PLAN)
    event_id = answer.headers["location"].rsplit("/")[-1]

    row = await pool.fetchrow(
        "select actor, action from audit_entry where concerns = $1", f"honouring_event:{event_id}"
    )

    assert row is not None
    assert tuple(row) == ("openid:erika", "plan_honouring_event")


async def test_an_unknown_concert_is_a_page_that_says_so(foundation: Visitor) -> None:
    answer = await foundation.get(f"{LIST}/{uuid4()}")

    assert answer.status_code == 404
    assert "Dieses Konzert gibt es nicht." in answer.text


@pytest.mark.parametrize("places", ["0", "-1", "x", "9" * 5000])
async def test_a_senseless_number_of_places_is_told(
    foundation: Visitor, pool: Pool, places: str
) -> None:
    base = await planned(pool)

    answer = await foundation.get(f"{base}/auswahl?places={places}")

    assert answer.status_code == 422
