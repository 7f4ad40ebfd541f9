"""An editor registers who telephones, looks at a proof and erases somebody, at real windows."""

from typing import Final
from urllib.parse import urlsplit

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.test_courses import FIELDS
from tests.browser.window import Window
from tests.waiting import until

TITLE: Final = "Erste Hilfe im Verein"


async def test_callers_are_registered_proven_and_forgotten(sit: Visit, visit: Visit) -> None:
    async with sit(Role.EDITOR) as editor, visit() as citizen:
        await _plan(editor)
        await editor.follow("Teilnehmende und Warteliste")
        await editor.follow("Jemanden anmelden")
        await editor.press("Anmelden", expect=422)
        wrong = await editor.text()
        await _say(editor, "Berta Nussbaum", "0351 4711")
        waits = await editor.text()
        await editor.press("Nicht anerkennen", expect=422)
        await editor.press("Nachweis anerkennen")
        proven = await editor.text()
        path = urlsplit(editor.page.url).path
        await editor.follow("Nachrichten ansehen")
        messages = await until(lambda: _told(editor, "keine E-Mail-Adresse"))
        await editor.open(path)
        await editor.follow("Zu den Teilnehmenden")
        await editor.follow("Jemanden anmelden")
        await editor.page.get_by_label("Der Nachweis").check()
        await _say(editor, "Emil Quitte", "0351 4712")
        listed = await editor.text()
        await editor.follow("Angaben löschen …")
        await editor.press("Ja, löschen")
        people = await editor.text()
        await citizen.open("/kurse")
        await citizen.follow(TITLE)
        public = await citizen.text()

    assert "Bitte füllen Sie dieses Feld aus." in wrong
    assert "Nachweis fehlt" in waits
    assert "Angemeldet" in proven
    assert "Berta Nussbaum" in messages
    assert TITLE in messages
    assert "Warteliste" in listed
    assert "Berta Nussbaum" in people
    assert "Emil Quitte" not in people
    assert "Bitte halten Sie einen Nachweis bereit" in public


async def _plan(editor: Window) -> None:
    await editor.open("/konsole/kurse/neu")
    await editor.page.get_by_label("Titel", exact=True).fill(TITLE)
    await editor.page.get_by_label("Nur für Engagierte").check()
    await editor.press("Kurs anlegen")
    await editor.follow("Durchgang planen")
    for label, typed in FIELDS.items():
        await editor.page.get_by_label(label, exact=True).fill(typed)
    await editor.press("Durchgang planen")
    await editor.follow("Veröffentlichen …")
    await editor.press("Veröffentlichen")


async def _told(editor: Window, words: str) -> str:
    """Return what the page says, loaded once more, if these words are among it."""
    await editor.page.reload()
    await editor.look()
    text = await editor.text()
    return text if words in text else ""


async def _say(editor: Window, name: str, phone: str) -> None:
    await editor.page.get_by_label("Vor- und Nachname").fill(name)
    await editor.page.get_by_role("textbox", name="Telefon").fill(phone)
    await editor.page.get_by_label("Ich habe gesagt").check()
    await editor.press("Anmelden")
