"""A guest answers an invitation with the keyboard alone, and changes the answer."""

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.journeys.concerts import Concert


async def test_a_guest_accepts_with_the_keyboard_and_declines_later(
    visit: Visit, concert: Concert
) -> None:
    invitation = await concert.invitation(concert.by_mail[1])
    async with visit() as window:
        keys, page = window.page.keyboard, window.page
        await window.open(invitation.link)
        await window.tab_to("Ich komme")
        await keys.press("Space")
        await window.tab_to("Ich komme allein")
        await keys.press("ArrowDown")
        await window.tab_to("Name der Begleitung (freiwillig)")
        await keys.type("Wanja Begleitner")
        await window.tab_to("Induktive Höranlage")
        await keys.press("Space")
        await window.tab_to(page.get_by_role("button", name="Antwort senden"))
        async with page.expect_navigation():
            await keys.press("Enter")
        await window.look()
        accepted = await window.text()
        await window.tab_to(page.get_by_role("link", name="Antwort ändern"))
        async with page.expect_navigation():
            await keys.press("Enter")
        await window.look()
        await expect(page.get_by_label("Wir kommen zu zweit")).to_be_checked()
        await window.tab_to("Ich komme")
        await keys.press("ArrowDown")
        await window.tab_to(page.get_by_role("button", name="Antwort senden"))
        async with page.expect_navigation():
            await keys.press("Enter")
        await window.look()
        declined = await window.text()

    assert "Für Sie sind 2 Plätze reserviert." in accepted
    assert "Sie und Wanja Begleitner" in accepted
    assert "Induktive Höranlage" in accepted
    assert "Sie haben abgesagt." in declined


async def test_an_empty_answer_is_asked_for_again_and_nothing_is_stored(
    visit: Visit, concert: Concert
) -> None:
    invitation = await concert.invitation(concert.by_mail[2])
    async with visit() as window:
        await window.open(invitation.link)
        await window.press("Antwort senden", expect=422)
        await window.page.get_by_role("alert").get_by_role("link").click()
        await expect(window.page.get_by_label("Ich komme", exact=True)).to_be_focused()
        await window.open("/einladung")

        await expect(window.page.get_by_role("main")).to_contain_text("Bitte antworten Sie bis")


async def test_who_types_a_wrong_code_is_told_kindly(visit: Visit) -> None:
    async with visit() as window:
        await window.open("/einladung/code")
        await window.page.get_by_label("Code aus dem Brief").fill("7KQM-4T2X-9HRD")
        await window.press("Einladung öffnen", expect=404)

        await expect(window.page.get_by_role("main")).to_contain_text("nicht")
