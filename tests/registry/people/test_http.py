"""Clerks find people, look at one and correct what is wrong."""

import re

import pytest

from services.registry.app import create
from shared.auth import Role
from shared.database import Pool
from tests.conftest import Database
from tests.registry.conftest import settings_for
from tests.registry.lists import a_list, import_list, people, person_line
from tests.visitor import Visitor, visiting

FIELDS = {
    "salutation": "Frau",
    "given_name": "Zoë",
    "family_name": "Şahin",
    "email": "zoe@example.org",
    "street": "Am Fluss 2",
    "postal_code": "01127",
    "town": "Dresden",
    "born_on": "1971-02-03",
}


@pytest.fixture(scope="module", autouse=True)
async def three_people(pool: Pool) -> None:
    lines = [
        person_line(1, Nachname="Österle", Vorname="Änne", Ort="Radebeul"),
        person_line(2, Nachname="Zander", Vorname="Jörg", **{"E-Mail": ""}),
        person_line(3, Nachname="Adler", Vorname="<b>Uwe</b>"),
    ]
    await import_list(pool, "people", a_list("people", *lines))


def names(html: str) -> list[str]:
    return re.findall(r'href="/konsole/personen/[0-9a-f-]{36}">([^<]+)</a>', html)


async def address_of(clerk: Visitor, family_name: str) -> str:
    shown = await clerk.get(f"/konsole/personen?suche={family_name}")
    found = re.search(r'href="(/konsole/personen/[0-9a-f-]{36})"', shown.text)
    return found[1] if found else ""


async def test_people_are_listed_as_in_a_german_list_of_names(clerk: Visitor) -> None:
    shown = await clerk.get("/konsole/personen")

    assert [name.split(",")[0] for name in names(shown.text)] == ["Adler", "Österle", "Zander"]


@pytest.mark.parametrize(
    "typed", ["Österle", "oesterle", "OSTERLE", "terl änn", "Österle, Änne", "P-000001"]
)
async def test_a_person_is_found_by_what_somebody_remembers(clerk: Visitor, typed: str) -> None:
    shown = await clerk.get("/konsole/personen", params={"suche": typed})

    assert names(shown.text) == ["Österle, Änne"]


async def test_the_list_is_sorted_and_filtered(clerk: Visitor) -> None:
    by_number = await clerk.get("/konsole/personen?sortierung=-number")
    without = await clerk.get("/konsole/personen?ohne_email=1")

    assert [name.split(",")[0] for name in names(by_number.text)] == ["Adler", "Zander", "Österle"]
    assert names(without.text) == ["Zander, Jörg"]


async def test_a_search_without_hit_says_so(clerk: Visitor) -> None:
    shown = await clerk.get("/konsole/personen?suche=%25_%27niemand")

    assert "Zu dieser Suche gibt es keine Person." in shown.text


async def test_what_stands_in_a_list_is_never_taken_for_html(clerk: Visitor) -> None:
    shown = await clerk.get("/konsole/personen")

    assert "&lt;b&gt;Uwe&lt;/b&gt;" in shown.text
    assert "<b>Uwe" not in shown.text


async def test_a_person_is_registered_and_looked_at(clerk: Visitor) -> None:
    sent = await clerk.post("/konsole/personen", FIELDS)
    shown = await clerk.get(sent.headers["location"])

    assert sent.status_code == 303
    for expected in (
        "Zoë Şahin",
        "zoe@example.org",
        "03.02.1971",
        "EHR-",
        "Die Person ist erfasst",
    ):
        assert expected in shown.text


async def test_wrong_fields_are_named_beside_them_and_nothing_typed_is_lost(
    clerk: Visitor,
) -> None:
    wrong = {"email": "zoe@", "postal_code": "1127", "born_on": "3.2.71", "given_name": ""}
    shown = await clerk.post("/konsole/personen", FIELDS | wrong)

    assert shown.status_code == 422
    for field in wrong:
        assert f'id="{field}-fehler"' in shown.text
    assert "Fehlt die führende Null (01127)?" in shown.text
    assert 'value="Şahin"' in shown.text
    assert 'value="zoe@"' in shown.text


async def test_a_change_is_saved_and_stands_in_the_history(clerk: Visitor) -> None:
    address = await address_of(clerk, "Zander")
    form = await clerk.get(f"{address}/bearbeiten")
    changed = {"given_name": "Jörg", "family_name": "Zander", "version": "1", "town": "Meißen"}
    saved = await clerk.post(f"{address}/bearbeiten", changed)
    shown = await clerk.get(address)

    assert 'value="Zander"' in form.text
    assert saved.status_code == 303
    assert "<del>Dresden</del> → <ins>Meißen</ins>" in shown.text
    assert "von Hand durch Erika Beispiel" in shown.text
    assert "Ort laut Liste: Dresden" in shown.text


async def test_a_form_that_somebody_else_has_overtaken_is_refused(clerk: Visitor) -> None:
    address = await address_of(clerk, "Adler")
    fields = {"given_name": "Uwe", "family_name": "Adler", "version": "1"}
    first = await clerk.post(f"{address}/bearbeiten", fields)
    second = await clerk.post(f"{address}/bearbeiten", fields | {"town": "Pirna"})

    assert first.status_code == 303
    assert second.status_code == 409
    assert "inzwischen von jemand anderem geändert" in second.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/konsole/personen/0199a000-0000-7000-8000-000000000000", 404),
        ("/konsole/personen/nobody", 404),
        ("/konsole/personen?seite=0", 400),
        ("/konsole/personen?seite=99999999999", 400),
        ("/konsole/personen?sortierung=email", 400),
        ("/konsole/personen?organisation=x", 400),
        ("/konsole/personen?suche=%00", 400),
        ("/konsole/personen?seite=1000", 200),
    ],
)
async def test_a_nonsensical_address_is_answered_in_german(
    clerk: Visitor, path: str, status: int
) -> None:
    shown = await clerk.get(path)

    assert shown.status_code == status
    assert 'lang="de"' in shown.text


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 50])
async def test_a_form_without_its_version_is_refused(clerk: Visitor, version: str) -> None:
    address = await address_of(clerk, "Österle")
    fields = {"given_name": "Änne", "family_name": "Österle", "version": version}
    answer = await clerk.post(f"{address}/bearbeiten", fields)

    assert answer.status_code == 400


async def test_the_list_can_be_downloaded_and_imported_again_unchanged(
    clerk: Visitor, pool: Pool
) -> None:
    sheet = await clerk.post("/konsole/personen/tabelle?suche=Dresden")
    again = await import_list(pool, "people", sheet.content)

    assert sheet.headers["content-disposition"] == 'attachment; filename="personen.csv"'
    assert again.new_rows == again.changed_rows == again.rejected_rows == 0
    assert again.unchanged_rows >= 1
    assert await pool.fetchval("select count(*) from audit_entry where action = 'export_people'")


async def test_a_cell_that_looks_like_a_formula_is_made_harmless(
    clerk: Visitor, pool: Pool
) -> None:
    await import_list(pool, "people", people(9, prefix="X", Straße="=1+1", Nachname="Formelfrau"))
    sheet = await clerk.post("/konsole/personen/tabelle?suche=Formelfrau")

    assert ";'=1+1;" in sheet.text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.FOUNDATION, 200), (Role.AUDITOR, 200), (Role.EDITOR, 403), (Role.DOOR, 403)],
)
async def test_who_only_reads_is_offered_nothing_to_change(
    database: Database, role: Role, status: int
) -> None:
    async with visiting(create(settings_for(database))) as visitor:
        visitor.sign_in(role)
        shown = await visitor.get("/konsole/personen")
        form = await visitor.get("/konsole/personen/neu")
        sent = await visitor.post("/konsole/personen", FIELDS)
        exported = await visitor.post("/konsole/personen/tabelle")

        assert shown.status_code == status
        assert "Person erfassen" not in shown.text
        assert {form.status_code, sent.status_code, exported.status_code} == {403}
