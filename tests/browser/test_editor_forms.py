"""An editor writes a series with everything that can be said, and citizens see all of it."""

import re
from datetime import date, timedelta
from typing import Final

from playwright.async_api import FilePayload, expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window
from tests.events.images.files import picture

TITLE: Final = "Tanztee im Lindensaal"
HALL: Final = "Lindensaal"
DAY: Final = date.today() + timedelta(days=20)  # noqa: DTZ011 - any day soon
PICTURE: Final = FilePayload(name="saal.jpg", mimeType="image/jpeg", buffer=picture())


async def test_an_editor_writes_a_series_and_citizens_see_all_of_it(
    sit: Visit, visit: Visit
) -> None:
    async with sit(Role.EDITOR) as window:
        await _keep_hall(window)
        await _write_series(window)
        preview = await window.text()
        await window.press("Veröffentlichen")
        event = window.page.url
        await _add_picture(window)
        await _change_dates(window, event)
        editors = await window.text()
        await window.open(f"{event}/verlegen")
        await window.open(f"{event}/aendern")

    async with visit() as window:
        await window.open("/termine/" + event.rsplit("/", 1)[1])
        await expect(window.page.get_by_role("img", name="Ein Saal mit Bühne")).to_be_visible()
        shown = await window.text()

    assert "Wiederholung: alle 2 Wochen, insgesamt 6 Termine" in preview
    assert preview.count("15:00 bis 17:00 Uhr") == 6
    assert "fällt aus" in editors
    assert "verlegt, war" in shown
    for said in ("Stufenloser Zugang", "4 Rollstuhlplätze", "Kaffee", "5 Euro", "CC BY 4.0"):
        assert said in shown


async def test_a_similar_event_is_named_while_one_types(sit: Visit) -> None:
    async with sit(Role.EDITOR) as window:
        await _type(window, "Kinderfest am Teich")
        await window.page.get_by_label("Beginn").fill("10:00")
        await window.press("Als Entwurf speichern")
        await _type(window, "Kinderfest am Teiche")

        await expect(window.page.get_by_text("Vielleicht schon eingetragen")).to_be_visible()
        await window.look()


async def test_the_lists_of_the_console_fit_everywhere(sit: Visit) -> None:
    async with sit(Role.EDITOR) as window:
        await window.open("/konsole/orte/stadtteile")
        await window.page.get_by_label("Name", exact=True).fill("Lindenau")
        await window.press("Hinzufügen")
        await window.open("/konsole/veranstalter/neu")
        await window.page.get_by_label("Name").fill("Heimatverein Lindenau")
        await window.press("Speichern")
        await window.follow("Heimatverein Lindenau")
        await window.open("/konsole/termine/links")

        await expect(window.page.get_by_text("Alle Links führen zum Ziel.")).to_be_visible()


async def _type(window: Window, title: str) -> None:
    await window.open("/konsole/termine/neu")
    await window.page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    await window.page.get_by_label("Titel").press_sequentially(title)


async def _keep_hall(window: Window) -> None:
    await window.open("/konsole/orte")
    await window.follow("Neuer Ort")
    await window.page.get_by_label("Name").fill(HALL)
    await window.page.get_by_label("Punkt auf der Karte").fill("51.0504, 13.7373")
    await window.page.get_by_label("Stufenloser Zugang").select_option("Ja")
    await window.page.get_by_label("Rollstuhlplätze").fill("4")
    await window.press("Speichern")
    await window.follow(HALL)


async def _write_series(window: Window) -> None:
    page = window.page
    await window.open("/konsole/termine/neu")
    await page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    await page.get_by_label("Beginn").fill("15:00")
    await page.get_by_label("Ende", exact=False).first.fill("17:00")
    await page.get_by_label("Wöchentlich").check()
    await page.get_by_label("Im Abstand von").fill("2")
    await page.get_by_label("Für eine Anzahl von Terminen").check()
    await page.get_by_label("Anzahl der Termine").fill("6")
    await page.get_by_label("Titel").fill(TITLE)
    await page.get_by_label("Beschreibung").fill("Mit **Kapelle**.\n\n- Kaffee\n- Kuchen")
    await page.get_by_label("Ort (", exact=False).first.select_option(HALL)
    await page.get_by_label("Eintritt").fill("5 Euro")
    await window.press("Vorschau")


async def _add_picture(window: Window) -> None:
    await window.follow("Bild hinzufügen")
    await window.page.get_by_label("Datei").set_input_files(PICTURE)
    await window.page.get_by_label("Was ist zu sehen?").fill("Ein Saal mit Bühne")
    await window.page.get_by_label("Lizenz").select_option("CC BY 4.0")
    await window.page.get_by_label("Urheberin oder Urheber").fill("Kim Muster")
    await window.press("Speichern")


async def _change_dates(window: Window, event: str) -> None:
    singly = window.page.locator(".singly li")
    await singly.nth(1).get_by_role("link", name="Termin absagen").click()
    await window.page.wait_for_url(re.compile("/absagen$"))
    await window.press("Termin absagen")
    await window.open(event)
    await singly.nth(2).get_by_role("link", name="Termin verlegen").click()
    await window.page.wait_for_url(re.compile("/verlegen$"))
    await window.look()
    await window.page.get_by_label("Beginn").fill("16:00")
    await window.page.get_by_label("Ende").fill("18:00")
    await window.press("Termin verlegen")
