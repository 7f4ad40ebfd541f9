"""Brings the demo concert from the associations' proposals to the door, with pictures of it."""

import re
import time
from typing import Final
from urllib.parse import urljoin

import httpx
from playwright.sync_api import Page

from deploy.pictures.studio import Studio
from shared.auth import Role

GUESTS: Final = 45
SEED: Final = "3 17 22 29 41 48"
"""Lottery numbers, as a foundation would take them."""
ANSWERS: Final = (2, 2, 1, 0, 2, 1, 2, 0, 1, 2, 2, 1, 2, 0, 2, 1)
"""How many come with each invitation that is answered; 0 declines."""
WAITING_SECONDS: Final = 60
OWN_LINK: Final = re.compile(r"https?://\S+/v/[\w-]+")
GUEST_LINK: Final = re.compile(r"https?://\S+/e/([\w-]+)")
SHORT_CODE: Final = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def show(studio: Studio, mailbox: str) -> None:
    """Go through the concert as the foundation, an association, a guest and the door see it.

    Args:
        studio: where the system's pages are opened.
        mailbox: origin of the local mailbox, where the guests' mails lie.
    """
    planner = studio.sit(Role.FOUNDATION, "/konsole/konzerte")
    planner.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    concert = planner.url
    _propose(studio, planner, concert)
    _draw(studio, planner, concert)
    _invite(studio, planner, concert)
    links = _invitations(mailbox, len(ANSWERS) + 1)
    with httpx.Client(trust_env=False) as client:
        for link, persons in zip(links[1:], ANSWERS, strict=False):
            _answer(client, link, persons)
    code = _accept(studio, links[0])
    studio.open(planner, concert)
    studio.take(planner, "concert")
    _open(studio, planner, concert)
    _admit(studio, code)


def _propose(studio: Studio, planner: Page, concert: str) -> None:
    studio.open(planner, f"{concert}/kontingente")
    planner.get_by_text("Links selbst weitergeben").click()
    planner.get_by_role("button", name="Links anzeigen und drucken").click()
    link = OWN_LINK.search(planner.get_by_role("main").inner_text())
    if link is None:
        raise RuntimeError("no link for an association")
    association = studio.visit(link[0], "telephone")
    association.get_by_role("button", name="Zurückziehen").first.click()
    studio.take(association, "association", association.get_by_role("heading", level=1))
    association.get_by_role("button", name="Vorschlagen").first.click()


def _draw(studio: Studio, planner: Page, concert: str) -> None:
    studio.open(planner, f"{concert}/vorschlaege")
    planner.get_by_role("button", name="Vorschläge schließen").click()
    studio.open(planner, f"{concert}/auswahl?places={GUESTS}")
    planner.get_by_label("Startwert").fill(SEED)
    planner.get_by_role("button", name="Jetzt verbindlich auslosen").click()
    planner.get_by_role("heading", name="Losprotokoll").first.wait_for()
    studio.take(planner, "draw")


def _invite(studio: Studio, planner: Page, concert: str) -> None:
    studio.open(planner, f"{concert}/einladungen")
    planner.get_by_role("button", name="Weiter zur Bestätigung").click()
    planner.get_by_role("button", name="Ja, jetzt einladen").click()


def _invitations(mailbox: str, wanted: int) -> list[str]:
    """Wait for this many invitations and return the links in them, the first mail's first."""
    deadline = time.monotonic() + WAITING_SECONDS
    with httpx.Client(base_url=mailbox, trust_env=False) as client:
        while time.monotonic() < deadline:
            mails = client.get("/api/mails", params={"limit": 1000}).json()
            opened = [client.get(f"/api/mails/{one['mail_id']}").text for one in mails[::-1]]
            links = [found[0] for text in opened if (found := GUEST_LINK.search(text))]
            if len(links) >= wanted:
                return links
            time.sleep(0.5)
    raise RuntimeError(f"fewer than {wanted} invitations after {WAITING_SECONDS} s")


def _answer(client: httpx.Client, link: str, persons: int) -> None:
    answer = {"coming": persons > 0, "seats": max(persons, 1)}
    token = link.rpartition("/")[2]
    address = urljoin(link, "/api/recognition/v1/answers")
    client.post(address, json={"token": token, **answer}).raise_for_status()


def _accept(studio: Studio, link: str) -> str:
    """Answer as a guest with a telephone does, and return the code below the ticket's pattern."""
    guest = studio.visit(link, "telephone")
    studio.take(guest, "invitation")
    guest.get_by_label("Ich komme", exact=True).check()
    guest.get_by_label("Wir kommen zu zweit").check()
    guest.get_by_label("Name der Begleitung").fill("Lore Sommerfeld")
    studio.take(guest, "answer", guest.get_by_role("heading", name="Ihre Antwort"))
    guest.get_by_role("button", name="Antwort senden").click()
    guest.get_by_role("link", name="Eintrittskarten anzeigen").click()
    found = SHORT_CODE.search(guest.get_by_role("main").inner_text())
    if found is None:
        raise RuntimeError("no code on the ticket")
    studio.take(guest, "ticket", guest.get_by_role("article").first)
    return found[0]


def _open(studio: Studio, planner: Page, concert: str) -> None:
    studio.open(planner, f"{concert}/einlass-oeffnen")
    planner.get_by_role("button", name="Einlass öffnen").click()
    planner.get_by_text("Der Einlass ist geöffnet.").wait_for()


def _admit(studio: Studio, code: str) -> None:
    door = studio.sit(Role.DOOR, "/tuer", "telephone")
    door.get_by_role("radio").first.check()
    door.get_by_label("Eingang").fill("Eingang B")
    door.get_by_role("button", name="Weiter zum Einlass").click()
    door.get_by_label("Code unter dem Muster").fill(code)
    door.keyboard.press("Enter")
    door.locator(".verdict--green").wait_for()
    studio.take(door, "door", door.locator("#ergebnis"))
