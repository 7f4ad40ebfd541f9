"""A clerk uploads a list, sees what it would do, and decides."""

import re

import httpx
import pytest

from services.registry.app import create
from services.registry.imports.work import run_next
from shared.auth import Role
from shared.database import Pool
from shared.web.navigation import LISTS_WAIT
from tests.conftest import Database
from tests.registry.conftest import settings_for
from tests.registry.lists import a_list, people, person_line
from tests.visitor import Visitor, visiting


async def upload(clerk: Visitor, content: bytes, kind: str = "people") -> httpx.Response:
    return await clerk.post(
        "/konsole/importe",
        {"kind": kind},
        files={"file": ("Mitglieder März.csv", content, "text/csv")},
    )


async def checked(clerk: Visitor, pool: Pool, content: bytes) -> str:
    """Upload a list, have it checked and return its page's address."""
    sent = await upload(clerk, content)
    await run_next(pool)
    return sent.headers["location"]


async def test_a_list_is_uploaded_checked_and_taken_over(clerk: Visitor, pool: Pool) -> None:
    sent = await upload(clerk, people(1, 2, prefix="A"))
    address = sent.headers["location"]
    waiting = await clerk.get(address)
    await run_next(pool)
    ready = await clerk.get(address)
    confirmed = await clerk.post(f"{address}/uebernehmen")
    await run_next(pool)
    done = await clerk.get(address)
    listed = await clerk.get("/konsole/importe")

    assert "Die Liste wartet auf die Prüfung." in waiting.text
    assert "Liste übernehmen (2)" in ready.text
    assert "Mitglieder März.csv" in ready.text
    assert confirmed.status_code == 303
    assert "Die Liste ist übernommen" in done.text
    assert "Mitglieder März.csv" in listed.text
    assert await pool.fetchval("select count(*) from person where source_number like 'A-%'") == 2


async def test_a_page_under_way_renews_itself_with_and_without_javascript(
    clerk: Visitor, pool: Pool
) -> None:
    sent = await upload(clerk, people(1, prefix="B"))
    address = sent.headers["location"]
    whole = await clerk.get(address)
    part = await clerk.get(address, headers={"hx-request": "true"})
    await run_next(pool)
    over = await clerk.get(address, headers={"hx-request": "true"})

    assert '<noscript><meta http-equiv="refresh"' in whole.text
    assert f'hx-get="{address}"' in part.text
    assert "<html" not in part.text
    assert over.headers["hx-refresh"] == "true"


async def test_wrong_lines_are_listed_and_only_valid_ones_taken_if_somebody_says_so(
    clerk: Visitor, pool: Pool
) -> None:
    lines = [person_line(1, "C"), person_line(2, "C", PLZ="1067"), person_line(3, "C", Ort="=2")]
    address = await checked(clerk, pool, a_list("people", *lines))
    ready = await clerk.get(address)
    refused = await clerk.post(f"{address}/uebernehmen")
    await clerk.post(f"{address}/uebernehmen", {"only_valid": "on"})
    await run_next(pool)
    done = await clerk.get(address)

    assert "Eine Zeile ist fehlerhaft" in ready.text
    assert "Fehlt die führende Null (01067)?" in ready.text
    assert "Nur die gültigen Zeilen übernehmen (2)" in ready.text
    assert refused.status_code == 409
    assert "Eine fehlerhafte Zeile wurde ausgelassen" in done.text


async def test_findings_can_be_downloaded_as_a_table_without_formulas(
    clerk: Visitor, pool: Pool
) -> None:
    address = await checked(clerk, pool, people(1, prefix="D", PLZ="=1+1"))
    sheet = await clerk.get(f"{address}/meldungen")

    assert sheet.content.startswith("\ufeffZeile;Art;Spalte;Meldung;Inhalt der Zelle".encode())
    assert "2;Fehler;PLZ;Eine Postleitzahl hat fünf Ziffern.;'=1+1" in sheet.text


async def test_a_file_that_is_no_list_is_refused_beside_the_field(clerk: Visitor) -> None:
    sent = await upload(clerk, b"PK\x03\x04 a workbook")

    assert sent.status_code == 422
    assert 'id="file-fehler"' in sent.text
    assert "Excel-Arbeitsmappe" in sent.text


async def test_a_form_without_a_file_is_refused_beside_the_field(clerk: Visitor) -> None:
    sent = await clerk.post("/konsole/importe", {"kind": "people"})
    other = await upload(clerk, people(1), kind="horses")

    assert sent.status_code == other.status_code == 422
    assert 'id="file-fehler"' in sent.text
    assert 'id="kind-fehler"' in other.text


async def test_a_file_that_is_too_large_is_refused_in_german(clerk: Visitor) -> None:
    too_large = b"Personennummer;Vorname;Nachname\n" + b"x" * (32 * 1024 * 1024)
    sent = await upload(clerk, too_large)
    far_too_large = await upload(clerk, too_large + too_large)

    assert sent.status_code == 422
    assert "größer als 32 MB" in sent.text
    assert far_too_large.status_code == 413


async def test_a_tile_says_how_many_lists_wait(clerk: Visitor, pool: Pool) -> None:
    await pool.execute("update import_job set state = 'cancelled', content = null")
    nothing = await clerk.get(LISTS_WAIT)
    await checked(clerk, pool, people(1, prefix="W"))

    waiting = await clerk.get(LISTS_WAIT)

    assert "Nichts wartet." in nothing.text
    assert "1 geprüfte Liste wartet auf die Übernahme" in waiting.text


async def test_an_import_can_be_discarded(clerk: Visitor, pool: Pool) -> None:
    address = await checked(clerk, pool, people(1, prefix="E"))
    await clerk.post(f"{address}/abbrechen")
    shown = await clerk.get(address)
    again = await clerk.post(f"{address}/abbrechen")

    assert "Der Import wurde abgebrochen" in shown.text
    assert again.status_code == 409


@pytest.mark.parametrize("kind", ["organisations", "people", "engagements"])
async def test_a_template_is_offered_for_each_kind(clerk: Visitor, kind: str) -> None:
    start = await clerk.get("/konsole/importe")
    sheet = await clerk.get(f"/konsole/importe/vorlage/{kind}.csv")

    assert f"/konsole/importe/vorlage/{kind}.csv" in start.text
    assert sheet.content.startswith(b"\xef\xbb\xbf")


async def test_there_is_no_template_for_something_else(clerk: Visitor) -> None:
    assert (await clerk.get("/konsole/importe/vorlage/horses.csv")).status_code == 404


async def test_a_forged_upload_from_elsewhere_is_refused(clerk: Visitor) -> None:
    sent = await clerk.client.post(
        "/konsole/importe",
        data={"kind": "people"},
        files={"file": ("a.csv", people(1, prefix="F"), "text/csv")},
    )

    assert sent.status_code == 403


async def test_only_clerks_import(database: Database) -> None:
    async with visiting(create(settings_for(database))) as visitor:
        visitor.sign_in(Role.FOUNDATION, Role.AUDITOR)

        assert (await visitor.get("/konsole/importe")).status_code == 403
        assert (await upload(visitor, people(1))).status_code == 403


async def test_pages_of_findings_are_turned(clerk: Visitor, pool: Pool) -> None:
    lines = [person_line(number, "G", Nachname="") for number in range(60)]
    address = await checked(clerk, pool, a_list("people", *lines))
    second = await clerk.get(f"{address}?art=rejected&seite=2")

    assert "51 bis 60 von 60" in second.text
    assert len(re.findall("Diese Angabe fehlt", second.text)) == 10
