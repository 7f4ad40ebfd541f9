"""Editors keep places, organisers and districts, and see which events they change."""

from uuid import UUID, uuid4

import pytest

from services.events.store.places import find_place
from shared.auth import Role
from shared.database import Pool
from tests.events.calendars import publish
from tests.events.http.pages import fields_of
from tests.events.http.test_event_form import now_is
from tests.events.places import organiser, place
from tests.visitor import Visitor

EMBEDDED = "/termine/einbetten"
PLACES, ORGANISERS = "/konsole/orte", "/konsole/veranstalter"
DISTRICTS = f"{PLACES}/stadtteile"


@pytest.fixture
def editor(visitor: Visitor) -> Visitor:
    visitor.sign_in(Role.EDITOR)
    return visitor


async def test_a_place_is_added_and_found(editor: Visitor, pool: Pool) -> None:
    word = uuid4().hex[:10]
    fields = fields_of((await editor.get(f"{PLACES}/neu")).text) | {
        "name": f"Aula {word}", "point": "51,0504, 13,7373", "is_step_free": "no",
        "wheelchair_places": "2",
    }  # fmt: skip

    answer = await editor.post(PLACES, fields)
    found = await editor.get(f"{PLACES}?suche={word}")

    row = await pool.fetchrow("select * from place where name = $1", f"Aula {word}")
    assert answer.status_code == 303
    assert f"Aula {word}" in found.text
    assert row is not None
    assert (row["latitude"], row["longitude"]) == (51.0504, 13.7373)
    assert (row["is_step_free"], row["has_hearing_loop"]) == (False, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"point": "Dresden"}, "Bitte Breite und Länge"),
        ({"point": "51.05"}, "Bitte Breite und Länge"),
        ({"point": "95.1, 13.2"}, "zwischen -90 und 90"),
        ({"wheelchair_places": "-1"}, "von 0 bis 10.000"),
        ({"district": "nirgends"}, "Diesen Stadtteil gibt es nicht."),
    ],
)
async def test_what_is_wrong_with_a_place_is_said_beside_it(
    editor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    answer = await editor.post(PLACES, {"name": "Aula", "access_note": "Klingel", **changes})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Klingel" in answer.text


async def test_a_corrected_place_is_corrected_in_its_events(editor: Visitor, pool: Pool) -> None:
    place_id = await place(pool)
    event = await publish(pool, place_id=place_id)
    path = f"{PLACES}/{place_id}"

    shown = await editor.get(path)
    fields = fields_of(shown.text[: shown.text.index("Doppelt?")]) | {"address": ["Neue Straße 1"]}
    answer = await editor.post(path, fields)
    told = await editor.get(PLACES)

    after = await now_is(pool, event)
    async with pool.acquire() as connection:
        kept = await find_place(connection, place_id)
    assert "Eine Veranstaltung nennt diesen Eintrag." in shown.text
    assert answer.status_code == 303
    assert "Eine Veranstaltung nennt die neuen Angaben." in told.text
    assert after.place_address == "Neue Straße 1"
    assert after.sequence == event.sequence + 1
    assert kept is not None
    assert (kept.access_note, kept.wheelchair_places) == ("Eingang über den Hof", 12)
    assert (kept.latitude, kept.has_hearing_loop) == (51.05, False)


async def test_a_place_in_use_is_merged_instead_of_deleted(editor: Visitor, pool: Pool) -> None:
    gone, stays = await place(pool), await place(pool)
    event = await publish(pool, place_id=gone)

    refused = await editor.post(f"{PLACES}/{gone}/loeschen")
    question = await editor.get(f"{PLACES}/{gone}/zusammenfuehren?ziel={stays}")
    answer = await editor.post(f"{PLACES}/{gone}/zusammenfuehren?ziel={stays}")

    assert refused.status_code == 409
    assert "nennen: 1." in question.text
    assert "Anschrift und Barrierefreiheit" in question.text
    assert "bekommt danach den Kalender" in question.text
    assert answer.status_code == 303
    assert (await now_is(pool, event)).place_id == stays
    assert (await editor.get(f"{PLACES}/{gone}")).status_code == 404


async def test_a_place_that_nobody_names_is_deleted_after_a_question(
    editor: Visitor, pool: Pool
) -> None:
    place_id = await place(pool)

    question = await editor.get(f"{PLACES}/{place_id}/loeschen")
    answer = await editor.post(f"{PLACES}/{place_id}/loeschen")

    assert "nicht mehr auswählen" in question.text
    assert answer.status_code == 303
    assert (await editor.get(f"{PLACES}/{place_id}")).status_code == 404


async def test_a_target_is_needed_to_merge(editor: Visitor, pool: Pool) -> None:
    place_id = await place(pool)

    for target in ("", "quatsch"):
        answer = await editor.get(f"{PLACES}/{place_id}/zusammenfuehren?ziel={target}")
        assert answer.status_code == 400


async def test_organisers_are_kept_changed_merged_and_deleted(editor: Visitor, pool: Pool) -> None:
    name = f"Chor {uuid4().hex[:8]}"
    await editor.post(ORGANISERS, {"name": name})
    listed = await editor.get(f"{ORGANISERS}?suche={name}")
    organiser_id: UUID = await pool.fetchval(
        "select organiser_id from organiser where name = $1", name
    )
    event = await publish(pool, organiser_id=organiser_id)
    path = f"{ORGANISERS}/{organiser_id}"

    shown = await editor.get(path)
    twice = await editor.post(ORGANISERS, {"name": name.upper()})
    changed = await editor.post(path, {"version": "1", "name": f"{name} e. V."})
    renamed = await now_is(pool, event)
    other = await organiser(pool)
    question = await editor.get(f"{path}/zusammenfuehren?ziel={other}")
    await editor.post(f"{path}/zusammenfuehren?ziel={other}")
    merged = await now_is(pool, event)
    refused = await editor.post(f"{ORGANISERS}/{other}/loeschen")

    assert name in listed.text
    assert "Eine Veranstaltung nennt" in shown.text
    assert twice.status_code == 422
    assert (changed.status_code, renamed.organiser) == (303, f"{name} e. V.")
    assert "zusammenführen?" in question.text
    assert merged.organiser_id == other
    assert refused.status_code == 409


async def test_an_organiser_without_events_is_deleted(editor: Visitor, pool: Pool) -> None:
    organiser_id = await organiser(pool)
    path = f"{ORGANISERS}/{organiser_id}"

    question = await editor.get(f"{path}/loeschen")
    answer = await editor.post(f"{path}/loeschen")

    assert "löschen?" in question.text
    assert answer.status_code == 303
    assert (await editor.get(path)).status_code == 404


async def test_a_link_of_an_organiser_leads_to_the_web(editor: Visitor) -> None:
    answer = await editor.post(ORGANISERS, {"name": "Chor", "website": "javascript:alert(1)"})

    assert answer.status_code == 422
    assert "https://" in answer.text


async def test_districts_are_managed_where_the_places_are(editor: Visitor, pool: Pool) -> None:
    title = f"Viertel {uuid4().hex[:8]}"
    slug = title.lower().replace(" ", "-")

    await editor.post(DISTRICTS, {"title": title})
    twice = await editor.post(DISTRICTS, {"title": title})
    renamed = await editor.post(f"{DISTRICTS}/{slug}", {"title": f"{title} Süd"})
    empty = await editor.post(f"{DISTRICTS}/{slug}", {"title": ""})
    await editor.post(PLACES, {"name": f"Haus {title}", "district": slug})
    used = await editor.post(f"{DISTRICTS}/{slug}/loeschen")
    asked = await editor.get(f"{DISTRICTS}/{slug}/loeschen")
    listed = await editor.get(DISTRICTS)

    assert (twice.status_code, empty.status_code) == (422, 422)
    assert renamed.status_code == 303
    assert f'value="{title} Süd"' in listed.text
    assert (used.status_code, asked.status_code) == (409, 409)
    assert await pool.fetchval("select count(*) from district where slug = $1", slug) == 1


async def test_an_empty_district_is_deleted_after_a_question(editor: Visitor, pool: Pool) -> None:
    title = f"Viertel {uuid4().hex[:8]}"
    slug = title.lower().replace(" ", "-")
    await editor.post(DISTRICTS, {"title": title})

    question = await editor.get(f"{DISTRICTS}/{slug}/loeschen")
    still = await pool.fetchval("select count(*) from district where slug = $1", slug)
    answer = await editor.post(f"{DISTRICTS}/{slug}/loeschen")
    gone = await editor.get(f"{DISTRICTS}/{slug}/loeschen")

    assert f"„{title}“ löschen?" in question.text
    assert (still, answer.status_code, gone.status_code) == (1, 303, 404)


@pytest.mark.parametrize("path", [PLACES, ORGANISERS, DISTRICTS, f"{PLACES}/neu"])
async def test_the_lists_are_for_editors_only(visitor: Visitor, path: str) -> None:
    visitor.sign_in(Role.CLERK)

    assert (await visitor.get(path)).status_code == 403


async def test_addresses_with_a_merged_place_or_organiser_show_what_it_has_become(
    editor: Visitor, visitor: Visitor, pool: Pool
) -> None:
    gone, stays = await place(pool), await place(pool)
    old, new = await organiser(pool), await organiser(pool)
    title = f"Ausstellung {uuid4()}"
    await publish(pool, title=title, place_id=stays, organiser_id=new)

    await editor.post(f"{PLACES}/{gone}/zusammenfuehren?ziel={stays}")
    await editor.post(f"{ORGANISERS}/{old}/zusammenfuehren?ziel={new}")

    for path in ("/termine", "/termine.atom", EMBEDDED):
        for query in (f"ort={gone}", f"veranstalter={old}"):
            assert title in (await visitor.get(f"{path}?{query}")).text
    assert title not in (await visitor.get(f"/termine?ort={uuid4()}")).text
