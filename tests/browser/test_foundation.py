"""The foundation plans a concert, from the empty form to the sent wave."""

import re

from playwright.async_api import expect

from shared.auth import Role
from tests.browser.conftest import Visit
from tests.browser.window import Window
from tests.journeys import guests
from tests.journeys.concerts import Cast
from tests.journeys.lists import Lists
from tests.journeys.staff import ADDRESS, Plan

PLAN = Plan(title="Konzert der Eichen", volunteer=20)


async def test_the_foundation_brings_a_concert_from_the_plan_to_the_wave(
    sit: Visit, cast: Cast, uninvited: Lists
) -> None:
    async with sit(Role.FOUNDATION) as window:
        concert = await _plan(window)
        await _set_quota(window, concert, uninvited)
        link = await _ask_for_proposals(window, concert)
        await _propose(cast.system.notes.gateway, link, uninvited)
        await window.open(f"{concert}/vorschlaege")
        await window.press("Vorschläge schließen")
        await window.open(f"{concert}/auswahl")
        await window.press("Ausprobieren")
        await window.press("Jetzt verbindlich auslosen")
        minutes = await window.text()
        await window.open(f"{concert}/einladungen")
        await window.press("Weiter zur Bestätigung")
        question = await window.text()
        await window.press("Ja, jetzt einladen")
        sent = await window.text()
        for page in ("gaeste", "bearbeiten", "verlegen", "absagen"):
            await window.open(f"{concert}/{page}")
        await window.open(concert)
        figures = await window.page.locator(".figures").inner_text()

    assert "Losprotokoll Nr. 1" in minutes
    assert "2 Personen einladen?" in question
    assert "2 Einladungen sind erstellt" in sent
    assert re.search(r"Eingeladen\s+2\s", figures)


async def test_a_form_with_mistakes_says_what_is_wrong_beside_each_field(sit: Visit) -> None:
    async with sit(Role.FOUNDATION) as window:
        await window.open("/konsole/konzerte/neu")
        await _fill(window, {**PLAN.form, "doors_open_at": "20:00", "volunteer": "5000"})
        await window.press("Konzert anlegen", expect=422)

        page = window.page
        doors = page.get_by_label("Einlass", exact=True)
        await expect(doors).to_have_attribute("aria-invalid", "true")
        await expect(doors).to_have_accessible_description(re.compile("vor dem Beginn"))
        await page.get_by_role("alert").get_by_role("link").first.click()
        await expect(page.locator(":focus")).to_have_attribute("aria-invalid", "true")


async def _plan(window: Window) -> str:
    await window.open("/konsole")
    await window.follow("Konzerte")
    await window.follow("Neues Konzert planen")
    await _fill(window, PLAN.form)
    await window.press("Konzert anlegen")
    return window.page.url


async def _fill(window: Window, typed: dict[str, str]) -> None:
    for name, value in typed.items():
        field = window.page.locator(f"main [name={name}]")
        if await field.first.get_attribute("type") == "radio":
            await window.page.locator(f"main [name={name}][value='{value}']").check()
        else:
            await field.fill(value)


async def _set_quota(window: Window, concert: str, lists: Lists) -> None:
    await window.open(f"{concert}/kontingente?suche={lists.association.name}")
    places = window.page.get_by_label(f"Plätze für {lists.association.name}")
    await places.fill("viele")
    await window.press("Kontingente speichern", expect=422)
    await places.fill("2")
    await window.press("Kontingente speichern")


async def _ask_for_proposals(window: Window, concert: str) -> str:
    await window.open(f"{concert}/kontingente")
    await window.follow("Vorschläge öffnen …")
    await window.press("Öffnen und 1 Verein um Vorschläge bitten")
    await window.page.get_by_text("Links selbst weitergeben").click()
    await window.press("Links anzeigen und drucken")
    found = ADDRESS.search(await window.text())
    assert found
    return found[0]


async def _propose(gateway: str, link: str, lists: Lists) -> None:
    async with guests.association(gateway) as association:
        await association.open_link(link)
        for person in lists.people:
            await association.propose(person.family_name)
