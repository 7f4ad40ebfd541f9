"""A clerk signs in, brings a list, sees what it would change, and takes it over."""

import re

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.journeys.concerts import Concert

PEOPLE = (
    "Personennummer;Anrede;Vorname;Nachname;E-Mail;Straße;PLZ;Ort\r\n"
    "P-Ulmen-1;Frau;Gerlinde;Ulmenhof;gerlinde@post.example;Gartenweg 3;01099;Elbstadt\r\n"
    "P-Ulmen-2;Herr;Karl;Ulmental;keine Adresse;Gartenweg 3;01099;Elbstadt\r\n"
    "P-Ulmen-3;Frau;Änne;Ulmenröder;;Gartenweg 4;01099;Elbstadt\r\n"
).encode("cp1252")
ENDED = re.compile("^(Geprüft|Die Liste ist übernommen)")


async def test_a_clerk_tries_a_list_before_taking_its_valid_lines_over(sit: Visit) -> None:
    async with sit(Role.CLERK) as window:
        await window.open("/konsole/importe")
        await window.page.get_by_label("Personen", exact=True).check()
        file = {"name": "personen.csv", "mimeType": "text/csv", "buffer": PEOPLE}
        await window.page.get_by_label("Datei").set_input_files(file)  # type: ignore[arg-type]
        await window.press("Liste prüfen")
        await expect(window.page.get_by_text(ENDED)).to_be_visible()
        await window.look()
        checked = await window.text()
        await window.press("Nur die gültigen Zeilen übernehmen (2)")
        await expect(window.page.get_by_text("Die Liste ist übernommen")).to_be_visible()
        await window.look()
        await window.open("/konsole/personen?suche=ulmen")
        people = await window.text()
        await window.follow("Ulmenröder, Änne")
        person = await window.text()

    assert "Geprüft: Eine Zeile ist fehlerhaft" in checked
    assert re.search(r"3\s+Fehler\s+E-Mail:", checked)
    assert "keine Adresse" in checked
    assert ("Ulmenhof" in people, "Ulmental" in people) == (True, False)
    assert "P-Ulmen-3" in person


async def test_a_file_that_is_no_list_is_refused_in_words(sit: Visit) -> None:
    async with sit(Role.CLERK) as window:
        await window.open("/konsole/importe")
        file = {"name": "bild.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x00\x1a\n"}
        await window.page.get_by_label("Datei").set_input_files(file)  # type: ignore[arg-type]
        await window.page.get_by_role("button", name="Liste prüfen").click()

        await expect(window.page.get_by_text("Es wurde nichts übernommen")).to_be_visible()
        await window.look()


async def test_a_clerk_takes_down_what_a_guest_says_on_the_telephone(
    sit: Visit, concert: Concert
) -> None:
    guest = concert.by_mail[0]
    async with sit(Role.CLERK) as window:
        await window.open("/konsole/konzerte/antworten")
        await window.page.get_by_label("Name des Gastes").fill(guest.family_name)
        await window.press("Suchen")
        await window.follow(guest.family_name)
        await window.page.get_by_label("Am Telefon").check()
        await window.press("Antwort speichern", expect=422)
        await window.page.get_by_label("Kommt nicht", exact=True).check()
        await window.press("Antwort speichern")

        await expect(window.page.get_by_role("status").first).to_contain_text(guest.name)
