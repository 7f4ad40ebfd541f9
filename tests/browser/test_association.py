"""An association opens its link and proposes its guests, on whatever device it has."""

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.journeys.concerts import Cast
from tests.journeys.lists import Lists
from tests.journeys.staff import Plan


async def test_an_association_proposes_withdraws_and_proposes_again(
    visit: Visit, cast: Cast, uninvited: Lists
) -> None:
    concert = await cast.planner.plan(Plan(title="Konzert für Vorschläge"))
    await cast.planner.set_quota(concert, uninvited.association.name, 1)
    links = await cast.planner.ask_for_proposals(concert)
    person = uninvited.people[0]
    async with visit() as window:
        await window.open(links[uninvited.association.name])
        await window.page.get_by_label("Name").fill(person.family_name)
        await window.press("Suchen")
        await window.press("Vorschlagen")
        full = await window.text()
        await window.press("Zurückziehen")
        withdrawn = await window.text()
        await window.press(window.page.get_by_role("button", name="Vorschlagen").first)

        await expect(window.page.get_by_text("von Ihnen vorgeschlagen")).to_be_visible()

    assert f"{person.family_name}, {person.given_name}" in full
    assert "Noch frei\n0" in full
    assert "Noch frei\n1" in withdrawn
