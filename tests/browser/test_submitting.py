"""An association reports an event without an account, and an editor reviews it."""

from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window

INBOX: Final = "/konsole/termine/pruefen"
TITLE: Final = "Offene Chorprobe am Deich"
DAY: Final = date.today() + timedelta(days=25)  # noqa: DTZ011 - any day soon


async def test_an_event_is_submitted_returned_bettered_and_published(
    sit: Visit, visit: Visit
) -> None:
    async with sit(Role.EDITOR) as editor, visit() as club:
        await club.open(await _new_link(editor))
        await _report(club)
        await _decide(editor, "Zur Überarbeitung zurückgeben", "Welcher Eingang?")
        await club.open("/veranstaltung-melden")
        await club.follow(TITLE)
        returned = await club.text()
        await club.follow("Ändern")
        await club.page.get_by_label("Beschreibung").fill("Eingang im Hof.")
        await club.press("Speichern und einreichen")
        await _decide(editor, "Veröffentlichen", "")
        await club.follow(TITLE)
        published = await club.text()
        history = await _history(editor)

    assert "Welcher Eingang?" in returned
    assert "Fällt sie aus?" in published
    assert "Vom Verein geändert" in history
    assert "Eingang im Hof." in history
    assert "Eingang im Hof." in await _as_citizens_see_it(visit)


async def _new_link(editor: Window) -> str:
    await editor.open(INBOX)
    await editor.follow("Vereine und ihre Links")
    await editor.page.get_by_label("Name").fill("Chor am Deich e. V.")
    await editor.press("Aufnehmen und Link ausgeben")
    return urlsplit(await editor.page.locator("p.address").inner_text()).path


async def _report(club: Window) -> None:
    await club.follow("Neue Veranstaltung")
    await club.page.get_by_label("Titel").fill(TITLE)
    await club.press("Speichern und einreichen", expect=422)
    await club.page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    await club.page.get_by_label("Beginn").fill("18:00")
    await club.page.locator("[name=place_name]").fill("Gemeindehaus")
    await club.press("Speichern und einreichen")


async def _decide(editor: Window, decision: str, note: str) -> None:
    await editor.open(INBOX)
    await _choose(editor)
    await editor.page.get_by_role("radio", name=decision, exact=True).check()
    await editor.page.get_by_label("Begründung").fill(note)
    await editor.press("Vorschau")
    await editor.press(decision)


async def _choose(editor: Window) -> None:
    """Choose all rows by the keyboard, none, and then the only one by itself."""
    everything = editor.page.get_by_role("checkbox", name="Alle auf dieser Seite auswählen")
    only = editor.page.get_by_role("checkbox", name=TITLE)
    count = editor.page.locator(".choosing [role=status]").first
    await everything.focus()
    await editor.page.keyboard.press("Space")
    await expect(only).to_be_checked()
    await expect(count).to_have_text("1 von 1 ausgewählt")
    await editor.page.keyboard.press("Space")
    await expect(only).not_to_be_checked()
    await only.check()
    await expect(everything).to_be_checked()


async def _history(editor: Window) -> str:
    await editor.open(f"/konsole/termine?suche={TITLE}")
    await editor.follow(TITLE)
    await editor.follow("Verlauf")
    return await editor.text()


async def _as_citizens_see_it(visit: Visit) -> str:
    async with visit() as window:
        await window.open(f"/termine?suche={TITLE}")
        await window.follow(TITLE)
        return await window.text()
