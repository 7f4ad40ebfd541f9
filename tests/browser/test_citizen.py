"""A citizen looks what is on, and how to subscribe to it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.journeys.concerts import Concert


async def test_a_citizen_finds_an_event_from_the_list_to_its_page(
    visit: Visit, concert: Concert
) -> None:
    async with visit() as window:
        await window.open("/")
        await window.page.get_by_label("Suche").fill(concert.plan.title)
        await window.press("Suchen")
        await window.follow(concert.plan.title)

        main = window.page.get_by_role("main")
        await expect(main.get_by_role("heading", level=1)).to_have_text(concert.plan.title)
        await expect(main).to_contain_text("Kulturhaus am Elbufer")
        await expect(main).to_contain_text("19:00 Grußwort")


async def test_the_month_shows_the_event_and_the_list_those_of_one_category(
    visit: Visit, concert: Concert
) -> None:
    async with visit() as window:
        await window.open(f"/termine/monat/{concert.plan.held_on:%Y-%m}")
        shown = await window.text()
        await window.follow("Liste")
        await window.page.get_by_label("Rubrik").select_option("Ehrung und Dank")
        await window.press("Suchen")
        honouring = await window.text()
        await window.page.get_by_label("Rubrik").select_option("Sport und Bewegung")
        await window.press("Suchen")
        sport = await window.text()

    assert concert.plan.title in shown
    assert concert.plan.title in honouring
    assert "Dazu steht im Kalender nichts." in sport


async def test_a_citizen_learns_how_to_subscribe(visit: Visit) -> None:
    async with visit() as window:
        await window.open("/kalender")

        subscribe = window.page.get_by_role("link", name="Kalender abonnieren").last
        address = await window.page.get_by_role("link", name="/kalender/alle.ics").inner_text()
        answer = await window.page.request.get(address)

        assert (await subscribe.get_attribute("href") or "").startswith("webcal://")
        assert answer.headers["content-type"].startswith("text/calendar")


async def test_the_menu_of_a_telephone_opens_and_leads_on(visit: Visit) -> None:
    async with visit() as window:
        await window.open("/termine")
        await window.page.set_viewport_size({"width": 360, "height": 780})
        entry = window.page.get_by_role("link", name="Kalender abonnieren")
        await expect(entry).to_be_hidden()
        await window.page.get_by_text("Menü", exact=True).click()
        await entry.click()

        await expect(window.page).to_have_url(re.compile("/kalender$"))


async def test_what_does_not_exist_is_said_kindly(visit: Visit) -> None:
    async with visit() as window:
        await window.open("/termine/monat/2026-13", expect=404)
        await window.open("/e/unbekannt", expect=404)
        await window.open("/v/unbekannt", expect=404)

        await expect(window.page.get_by_role("heading", level=1)).to_have_text("Nicht gefunden")


@pytest.mark.parametrize("path", ["/impressum", "/datenschutz", "/barrierefreiheit"])
async def test_the_legal_pages_are_fit_for_everybody(visit: Visit, path: str) -> None:
    async with visit() as window:
        await window.open(path)

        assert (await window.page.title()).endswith("Ehrensache")
