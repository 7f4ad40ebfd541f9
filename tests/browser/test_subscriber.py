"""A citizen chooses what interests them, and takes it into a calendar of their own."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.journeys.concerts import Concert


async def test_a_citizen_composes_a_calendar_with_the_keyboard(
    visit: Visit, concert: Concert
) -> None:
    async with visit() as window:
        await window.open("/kalender")
        await window.follow("Eigenen Kalender zusammenstellen")
        await window.tab_to("Ehrung und Dank")
        await window.page.keyboard.press("Space")
        await window.tab_to(window.page.get_by_label("Suchwörter"))
        await window.page.keyboard.type(concert.plan.title)
        await window.press("Kalender zusammenstellen")

        await expect(window.page).to_have_url(re.compile("/termine/abonnieren/k-[a-z2-7]{16}$"))
        await expect(window.page.get_by_role("main")).to_contain_text(concert.plan.title)
        address = await window.page.get_by_role("link", name=re.compile(r"\.ics$")).inner_text()
        answer = await window.page.request.get(address)
        assert f"SUMMARY:{concert.plan.title}" in await answer.text()


async def test_who_hears_badly_narrows_the_list_and_takes_it_along(visit: Visit) -> None:
    async with visit() as window:
        await window.open("/termine")
        await window.page.get_by_text("Mehr Filter").click()
        await window.tab_to("Mit Höranlage")
        await window.page.keyboard.press("Space")
        await window.page.keyboard.press("Enter")
        await expect(window.page).to_have_url(re.compile("hoeranlage=ja"))
        await window.look()
        await expect(window.page.get_by_text("Ihre Auswahl: mit Höranlage")).to_be_visible()
        await window.press("Diese Auswahl abonnieren")

        await expect(window.page).to_have_url(re.compile("/termine/abonnieren/hoeranlage$"))
        heading = window.page.get_by_role("heading", level=1)
        await expect(heading).to_have_text("Mit Höranlage")


async def test_a_filtered_list_becomes_a_calendar_without_scripts(
    visit: Visit, concert: Concert
) -> None:
    async with visit(runs_scripts=False) as window:
        await window.open(f"/termine?suche={concert.plan.title}&rubrik=ehrung")
        await window.press("Diese Auswahl abonnieren")

        await expect(window.page.get_by_role("main")).to_contain_text(concert.plan.title)
        await expect(window.page.get_by_role("button", name="Adresse kopieren")).to_have_count(0)


async def test_an_address_is_copied_with_one_press(visit: Visit) -> None:
    async with visit() as window:
        await window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await window.open("/termine/abonnieren/ehrung")
        await window.page.get_by_role("button", name="Adresse kopieren").click()

        await expect(window.page.get_by_role("status")).to_have_text(
            "In die Zwischenablage kopiert."
        )


async def test_the_pages_around_an_event_are_fit_for_everybody(
    visit: Visit, concert: Concert
) -> None:
    async with visit() as window:
        await window.open(f"/termine?suche={concert.plan.title}")
        await window.follow(concert.plan.title)
        main = window.page.get_by_role("main")
        taken = main.get_by_role("link", name="Google Kalender")
        assert "calendar.google.com" in (await taken.get_attribute("href") or "")

        await window.open(
            "/termine?rubrik=ehrung&stufenlos=ja&hoeranlage=ja&rollstuhlplaetze=ja&abgesagt=nein"
        )
        await window.open(f"/termine/monat/{concert.plan.held_on:%Y-%m}?rubrik=ehrung")
        await window.open("/termine/einbetten/anleitung?rubrik=ehrung")
        await window.open("/termine/einbetten?rubrik=ehrung")

        await expect(window.page.get_by_text(concert.plan.title).first).to_be_visible()
