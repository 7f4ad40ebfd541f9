"""Somebody registers for a course by link, and an editor looks after it, at real windows."""

from datetime import timedelta
from typing import Final

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window
from tests.journeys.courses import FIRST_DAY
from tests.journeys.mailbox import Mailbox

TITLE: Final = "Protokolle schreiben"
FIELDS: Final = {
    "Tage": f"{FIRST_DAY:%d.%m.%Y}\n{FIRST_DAY + timedelta(days=7):%d.%m.%Y}",
    "Ort": "Volkshochschule Elbstadt",
    "Anschrift (freiwillig)": "Lindenplatz 10, 01067 Elbstadt",
    "Mindestzahl": "1",
    "Plätze": "1",
    "Beginn": "18:00",
    "Ende": "20:30",
    "Anmeldung ab": "2026-01-01",
    "Anmeldung bis": f"{FIRST_DAY - timedelta(days=2):%Y-%m-%d}",
}


async def test_a_course_is_planned_announced_and_full(
    sit: Visit, visit: Visit, mailbox: Mailbox
) -> None:
    async with sit(Role.EDITOR) as editor:
        await plan(editor)
        run = editor.page.url
        async with visit() as citizen:
            await register(citizen, mailbox, "Thea Nussbaum")
            await expect(citizen.page.get_by_text("Sie haben einen Platz.")).to_be_visible()
            await citizen.follow("Ersatzperson nennen")
            await citizen.press("Platz weitergeben", expect=422)
            await citizen.open("/kurse/anmeldung")
            await citizen.follow("Abmelden")
        async with visit() as other:
            await register(other, mailbox, "Henning Quitte")
            await expect(other.page.get_by_text("Warteliste.").first).to_be_visible()
            await other.open("/kurse")
            shown = await other.text()
        await editor.open(f"{run}/teilnehmende")
        people = await editor.text()
        await editor.open(f"{run}/verlegen")
        await editor.press("Weiter zur Bestätigung")
        await editor.open(f"{run}/aendern")
        await editor.open(f"{run}/absagen")
        question = await editor.text()
        await editor.open("/konsole/kurse")

    assert "Ausgebucht, Warteliste möglich" in shown
    assert "Thea Nussbaum" in people
    assert "2 Personen werden sofort per E-Mail benachrichtigt" in question


async def test_what_is_missing_is_said_beside_its_field(sit: Visit) -> None:
    async with sit(Role.EDITOR) as editor:
        await editor.open("/konsole/kurse/neu")
        await editor.press("Kurs anlegen", expect=422)
        wrong = await editor.text()
        await editor.page.get_by_label("Titel", exact=True).fill("Leere Kasse")
        await editor.press("Kurs anlegen")
        await editor.follow("Durchgang planen")
        await editor.page.get_by_label("Tage", exact=True).fill("31.02.2027")
        await editor.press("Durchgang planen", expect=422)
        kept = await editor.page.get_by_label("Tage", exact=True).input_value()
        also_wrong = await editor.text()

    assert "Bitte füllen Sie dieses Feld aus." in wrong
    assert "Bitte füllen Sie dieses Feld aus." in also_wrong
    assert kept == "31.02.2027"


async def plan(editor: Window) -> None:
    """Plan a course with one place and announce it."""
    await editor.open("/konsole/kurse/neu")
    await editor.page.get_by_label("Titel", exact=True).fill(TITLE)
    await editor.page.get_by_label("Beschreibung").fill("Was hinein muss und was nicht.")
    await editor.press("Kurs anlegen")
    await editor.follow("Durchgang planen")
    for label, typed in FIELDS.items():
        await editor.page.get_by_label(label, exact=True).fill(typed)
    await editor.press("Durchgang planen")
    await editor.follow("Veröffentlichen …")
    await editor.press("Veröffentlichen")


async def register(window: Window, mailbox: Mailbox, name: str) -> None:
    """Ask for a link, open it from the mail and confirm."""
    email = name.lower().replace(" ", ".") + "@kurse.example"
    await window.open("/kurse")
    await window.follow(TITLE)
    await window.press("Link anfordern", expect=422)
    await window.page.get_by_label("Vor- und Nachname").fill(name)
    await window.page.get_by_label("E-Mail", exact=True).fill(email)
    await window.page.get_by_label("Ich bin einverstanden").check()
    await window.press("Link anfordern")
    mail = await mailbox.expect(email, "Bitte bestätigen")
    await window.open(mail.link)
    await window.press(window.page.get_by_role("main").get_by_role("button").first)
