"""Clerks find organisations, see who is engaged there, and correct what is wrong."""

import re

import pytest

from shared.database import Pool
from tests.registry.lists import ROWING_CLUB, a_list, import_list, people
from tests.visitor import Visitor

SINGERS = "V-2;Singkreis Löbtau;Kultur und Musik;Löbtau;;;Am Markt 1;01159;Dresden"


@pytest.fixture(scope="module", autouse=True)
async def two_organisations(pool: Pool) -> None:
    await import_list(pool, "organisations", a_list("organisations", ROWING_CLUB, SINGERS))
    await import_list(pool, "people", people(1, 2, 3))
    await import_list(
        pool,
        "engagements",
        a_list(
            "engagements",
            "E-1;P-000001;V-1;Trainerin;3,5;01.03.2015;",
            "E-2;P-000002;V-1;Kassenwartin;;;31.12.2020",
        ),
    )


async def address_of(clerk: Visitor, name: str) -> str:
    shown = await clerk.get("/konsole/organisationen", params={"suche": name})
    found = re.search(r'href="(/konsole/organisationen/[0-9a-f-]{36})"', shown.text)
    return found[1] if found else ""


async def test_organisations_are_listed_with_how_many_are_engaged_today(clerk: Visitor) -> None:
    shown = await clerk.get("/konsole/organisationen?sortierung=-people")
    found = re.findall(r"konsole/organisationen/[0-9a-f-]{36}\">([^<]+)</a>", shown.text)

    assert found == ["Ruderclub Elbe", "Singkreis Löbtau"]
    assert re.search(r'konsole/personen\?organisation=[0-9a-f-]{36}">1</a>', shown.text)


@pytest.mark.parametrize("asked", ["suche=loebtau", "bereich=culture", "ohne_email=1"])
async def test_organisations_are_searched_and_filtered(clerk: Visitor, asked: str) -> None:
    shown = await clerk.get(f"/konsole/organisationen?{asked}")

    assert "Singkreis Löbtau" in shown.text
    assert "Ruderclub" not in shown.text


async def test_an_organisation_shows_who_is_engaged(clerk: Visitor) -> None:
    shown = await clerk.get(await address_of(clerk, "Ruderclub"))

    for expected in ("Trainerin", "3,5", "01.03.2015", "dauert an", "31.12.2020", "Uwe Muster"):
        assert expected in shown.text


async def test_the_people_of_an_organisation_are_a_list_of_their_own(clerk: Visitor) -> None:
    organisation_id = (await address_of(clerk, "Ruderclub")).rsplit("/", 1)[1]
    shown = await clerk.get(f"/konsole/personen?organisation={organisation_id}")

    assert "Müller1" in shown.text
    assert "Müller2" in shown.text
    assert "Müller3" not in shown.text


@pytest.mark.parametrize(
    ("typed", "found"), [("ruder elbe", True), ("RUDERCLUB", True), ("singkreis", False)]
)
async def test_people_are_found_by_where_they_are_engaged(
    clerk: Visitor, typed: str, *, found: bool
) -> None:
    shown = await clerk.get("/konsole/personen", params={"verein": typed})

    assert ("Müller1" in shown.text) is found
    assert "Müller3" not in shown.text


async def test_an_organisation_is_registered_and_changed(clerk: Visitor) -> None:
    sent = await clerk.post(
        "/konsole/organisationen", {"name": "Tafel Nord", "field": "social", "email": ""}
    )
    address = sent.headers["location"]
    changed = await clerk.post(
        f"{address}/bearbeiten",
        {"name": "Tafel Nord e. V.", "field": "health", "version": "1"},
    )
    shown = await clerk.get(address)

    assert (sent.status_code, changed.status_code) == (303, 303)
    assert "<del>Soziales</del> → <ins>Gesundheit</ins>" in shown.text


async def test_a_wrong_field_is_named_beside_it(clerk: Visitor) -> None:
    sent = await clerk.post("/konsole/organisationen", {"name": "!!!", "field": "horses"})

    assert sent.status_code == 422
    assert 'id="name-fehler"' in sent.text
    assert 'id="field-fehler"' in sent.text


async def test_the_list_can_be_downloaded_and_imported_again_unchanged(
    clerk: Visitor, pool: Pool
) -> None:
    sheet = await clerk.post("/konsole/organisationen/tabelle")
    again = await import_list(pool, "organisations", sheet.content)

    assert again.rejected_rows == again.changed_rows == again.new_rows == 0
    assert again.unchanged_rows >= 2
