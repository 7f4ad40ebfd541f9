"""At the door a ticket is admitted once, typed or scanned."""

from pathlib import Path

import httpx
from playwright.async_api import Page, async_playwright, expect

from shared.auth import Role
from tests.browser.camera import film_of
from tests.browser.conftest import ARGUMENTS, Visit, sign_in
from tests.browser.window import Window, window
from tests.journeys import guests
from tests.journeys.concerts import Concert
from tests.journeys.lists import Person
from tests.journeys.system import System


async def test_before_the_doors_open_it_is_a_rehearsal(
    sit: Visit, system: System, concert: Concert
) -> None:
    guest = concert.by_mail[3]
    short_code, _ = await _ticket(system, concert, guest)
    async with sit(Role.DOOR) as at_door:
        await _stand(at_door, concert)
        await expect(at_door.page.locator(".verdict--ready")).to_contain_text("Probe")
        for _ in range(2):
            await _type(at_door.page, short_code)
            rehearsed = at_door.page.locator(".verdict--rehearsal.verdict--green")
            await expect(rehearsed).to_contain_text(guest.name)
            await expect(rehearsed).to_contain_text("Eingetragen ist nichts")
        await at_door.look()

        await expect(at_door.page.locator(".door__count")).to_contain_text("0 von")


async def test_a_typed_code_is_admitted_once(
    sit: Visit, system: System, admitting: Concert
) -> None:
    guest = admitting.by_mail[3]
    short_code, _ = await _ticket(system, admitting, guest)
    async with sit(Role.DOOR) as at_door:
        await _stand(at_door, admitting)
        await _type(at_door.page, short_code.lower().replace("-", " "))
        await expect(at_door.page.locator(".verdict--green")).to_contain_text(guest.name)
        await at_door.look()
        await _type(at_door.page, short_code)
        await expect(at_door.page.locator(".verdict--yellow")).to_contain_text(
            "Bereits eingelassen"
        )
        await at_door.look()
        await _type(at_door.page, "nichts")
        await expect(at_door.page.locator(".verdict--red")).to_be_visible()
        await at_door.look()


async def test_a_guest_without_a_card_is_found_by_name(
    sit: Visit, system: System, admitting: Concert
) -> None:
    guest = admitting.by_mail[4]
    await _ticket(system, admitting, guest)
    async with sit(Role.DOOR) as at_door:
        await _stand(at_door, admitting)
        await at_door.page.get_by_label("Name des Gastes").fill(guest.family_name)
        await at_door.press("Suchen")
        await at_door.press(at_door.page.get_by_role("button", name="Einlassen", exact=True))

        await expect(at_door.page.locator(".verdict--green")).to_contain_text(guest.name)


async def test_the_camera_reads_a_ticket(
    system: System, admitting: Concert, chromium_path: str, tmp_path: Path
) -> None:
    guest = admitting.by_mail[5]
    _, code = await _ticket(system, admitting, guest)
    film = film_of(code, tmp_path / "ticket.y4m")
    arguments = [
        *ARGUMENTS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    origins = (system.notes.gateway, system.notes.openid)
    async with async_playwright() as playwright:
        filming = await playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        async with window(filming, origins, permissions=["camera"]) as at_door:
            at_door.allow("only accessible if the page is transferred via https")
            await sign_in(at_door, Role.DOOR)
            await _stand(at_door, admitting)
            await at_door.page.get_by_role("button", name="Kamera einschalten").click()
            await expect(at_door.page.locator(".verdict--green")).to_contain_text(guest.name)
            await at_door.look()
            await at_door.page.get_by_role("button", name="Kamera ausschalten").click()
        await filming.close()


async def _stand(at_door: Window, concert: Concert) -> None:
    await at_door.open("/tuer")
    await at_door.page.get_by_label(concert.plan.title).check()
    await at_door.page.get_by_label("Eingang").fill("Eingang B")
    await at_door.press("Weiter zum Einlass")


async def _type(page: Page, code: str) -> None:
    await page.get_by_label("Code unter dem Muster").fill(code)
    await page.keyboard.press("Enter")


async def _ticket(system: System, concert: Concert, person: Person) -> tuple[str, str]:
    """Have a guest accept; returns the code to type and the text of the QR code."""
    invitation = await concert.invitation(person)
    gateway = system.notes.gateway
    async with guests.guest(gateway) as guest:
        await guest.open_link(invitation.link)
        await guest.accept(alone=True)
    token = invitation.link.rpartition("/")[2]
    async with httpx.AsyncClient(base_url=gateway, trust_env=False) as client:
        answer = await client.get(
            "/api/recognition/v1/invitation", headers={"authorization": f"Bearer {token}"}
        )
    (ticket,) = answer.json()["tickets"]
    return ticket["short_code"], ticket["code"]
