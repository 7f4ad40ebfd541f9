"""An editor creates, moves and cancels an event, and everybody sees it."""

from datetime import date, timedelta

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window

TITLE = "Lesung unter Linden"
DAY = date.today() + timedelta(days=20)  # noqa: DTZ011 - any day soon
LATER = DAY + timedelta(days=7)


async def test_an_editor_creates_moves_and_cancels_an_event(sit: Visit, visit: Visit) -> None:
    async with sit(Role.EDITOR) as window:
        event = await _create(window)
        await window.follow("Verlegen")
        await window.page.get_by_label("Tag", exact=True).fill(LATER.isoformat())
        await window.press("Vorschau")
        preview = await window.text()
        await window.press("Speichern")
        moved = await _as_citizens_see_it(visit)
        await window.open(event)
        await window.follow("Ändern")
        await window.page.get_by_label("Jemand anderes").fill("Stadtbibliothek")
        await window.press("Vorschau")
        await window.press("Speichern")
        await window.open(event)
        await window.follow("Auf unbestimmte Zeit verschieben")
        await window.press("Verschieben")
        postponed = await _as_citizens_see_it(visit)
        await window.open(f"{event}/absagen")
        await window.press("Absagen")
        cancelled = await _as_citizens_see_it(visit)

    assert f"{LATER.day}. " in preview
    assert "Diese Veranstaltung wurde verlegt." in moved
    assert "Diese Veranstaltung ist verschoben." in postponed
    assert "Diese Veranstaltung ist abgesagt." in cancelled
    assert TITLE in cancelled
    assert "Stadtbibliothek" in cancelled


async def test_an_event_without_a_time_is_asked_for_it(sit: Visit) -> None:
    async with sit(Role.EDITOR) as window:
        await window.open("/konsole/termine/neu")
        await window.page.get_by_label("Titel").fill("Ohne Uhrzeit")
        await window.page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
        await window.press("Vorschau", expect=422)

        await expect(window.page.get_by_role("alert")).to_contain_text("Beginn")


async def _create(window: Window) -> str:
    await window.open("/konsole/termine")
    await window.follow("Neue Veranstaltung")
    await window.page.get_by_label("Titel").fill(TITLE)
    await window.page.get_by_label("Tag", exact=True).fill(DAY.isoformat())
    await window.page.get_by_label("Beginn").fill("19:30")
    await window.page.get_by_label("Ende").fill("21:00")
    await window.page.get_by_label("Beschreibung").fill("Drei Stimmen, ein Buch.")
    await window.press("Vorschau")
    await window.press("Veröffentlichen")
    return window.page.url


async def _as_citizens_see_it(visit: Visit) -> str:
    async with visit() as window:
        await window.open(f"/termine?suche={TITLE}")
        await window.follow(TITLE)
        return await window.text()
