"""Nothing that people must do needs JavaScript."""

import re

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.journeys.concerts import Concert

SHORT_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


async def test_a_guest_answers_and_is_admitted_once_without_javascript(
    visit: Visit, sit: Visit, admitting: Concert
) -> None:
    concert = admitting
    guest = concert.by_mail[2]
    invitation = await concert.invitation(guest)
    async with visit(runs_scripts=False) as window:
        await window.open(invitation.link)
        await window.page.get_by_label("Ich komme", exact=True).check()
        await window.page.get_by_label("Ich komme allein").check()
        await window.press("Antwort senden")
        await window.follow("Eintrittskarten anzeigen")
        found = SHORT_CODE.search(await window.text())
    assert found
    async with sit(Role.DOOR, runs_scripts=False) as at_door:
        await at_door.open("/tuer")
        await at_door.page.get_by_label(concert.plan.title).check()
        await at_door.page.get_by_label("Eingang").fill("Eingang C")
        await at_door.press("Weiter zum Einlass")
        await expect(at_door.page.get_by_text("Kamera einschalten")).to_be_hidden()
        field = at_door.page.get_by_label("Code unter dem Muster")
        await field.fill(found[0])
        await at_door.press("Prüfen und einlassen")
        first = await at_door.text()
        await field.fill(found[0])
        await at_door.press("Prüfen und einlassen")
        second = await at_door.text()

    assert "Willkommen" in first
    assert "Bereits eingelassen um" in second


async def test_the_menu_opens_without_javascript(visit: Visit) -> None:
    async with visit(runs_scripts=False) as window:
        await window.open("/termine")
        await window.page.set_viewport_size({"width": 360, "height": 780})
        await window.page.get_by_text("Menü", exact=True).click()
        await window.page.get_by_role("link", name="Kalender abonnieren").click()

        await expect(window.page).to_have_url(re.compile("/kalender$"))
