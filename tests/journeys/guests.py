"""The people outside: guests, associations and citizens, each with a browser of their own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import msgspec
from icalendar import Calendar

from tests.journeys.browser import Browser, Page, browsing
from tests.journeys.waiting import eventually

ALL_EVENTS: Final = "/kalender/alle.ics"


class Guest:
    """Somebody who was invited."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def open_link(self, link: str) -> Page:
        """Open the link from a mail."""
        return await self.browser.open(link)

    async def type_code(self, code: str) -> Page:
        """Type the code from a letter."""
        await self.browser.open("/einladung/code")
        return await self.browser.press("Einladung öffnen", {"code": code})

    async def accept(
        self, *, companion: str = "", needs: tuple[str, ...] = (), alone: bool = False
    ) -> Page:
        """Say yes for two, or alone, and what is needed."""
        await self._form()
        given: dict[str, str | tuple[str, ...]] = {"coming": "ja"}
        if "seats" in self.browser.page.form("Antwort senden").names:
            given["seats"] = "1" if alone else "2"
            given["companion_name"] = companion
        if needs:
            given["access_needs"] = needs
        return await self.browser.press("Antwort senden", given)

    async def decline(self) -> Page:
        """Say no."""
        await self._form()
        return await self.browser.press("Antwort senden", {"coming": "nein"})

    async def _form(self) -> None:
        """Go to the form, which stands on the first page until there is an answer."""
        page = await self.browser.open("/einladung")
        if not any("Antwort senden" in one.text for form in page.forms for one in form.buttons):
            await self.browser.follow("Antwort ändern")


class Association:
    """Somebody of an association who proposes guests by its link."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def open_link(self, link: str) -> Page:
        """Open the link that the foundation has printed or mailed."""
        return await self.browser.open(link)

    async def type_code(self, code: str) -> Page:
        """Type the code from the letter, at the short address that the letter names."""
        await self.browser.open("/verein")
        return await self.browser.press("Weiter", {"code": code})

    async def propose(self, family_name: str) -> Page:
        """Propose one of the association's people, once it is known that they volunteer there."""

        async def listed() -> bool:
            page = await self.browser.open(f"/verein?suche={family_name}")
            labels = [button.text for form in page.forms for button in form.buttons]
            return "Vorschlagen" in labels

        await eventually(listed, f"{family_name} cannot be proposed")
        return await self.browser.press("Vorschlagen", path="/verein/vorschlaege")


class Entry(msgspec.Struct, frozen=True):
    """An event as it stands in somebody's calendar."""

    uid: str
    sequence: int
    status: str
    title: str
    starts_at: datetime
    changed_at: datetime


class Citizen:
    """Somebody who looks into the public calendar and has subscribed to it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    async def feed(self) -> list[Entry]:
        """Fetch the feed of all events."""
        response = (await self.browser.open(ALL_EVENTS)).response
        return [_entry(event) for event in Calendar.from_ical(response.content).walk("VEVENT")]

    async def find(self, title: str) -> Entry | None:
        """Return the event whose title has this in it, from the feed."""
        return next((one for one in await self.feed() if title in one.title), None)

    async def expect(self, title: str, *, after: Entry | None = None) -> Entry:
        """Wait until an event stands in the feed, in a later version than that one."""

        async def found() -> Entry | None:
            entry = await self.find(title)
            is_new = entry is not None and (after is None or entry.sequence > after.sequence)
            return entry if is_new else None

        return await eventually(found, f"{title!r} is not in the feed")


def _entry(event: Any) -> Entry:
    return Entry(
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        status=str(event["STATUS"]),
        title=str(event["SUMMARY"]),
        starts_at=event["DTSTART"].dt,
        changed_at=event["DTSTAMP"].dt,
    )


@asynccontextmanager
async def guest(origin: str) -> AsyncIterator[Guest]:
    """Give a guest a browser."""
    async with browsing(origin) as browser:
        yield Guest(browser)


@asynccontextmanager
async def association(origin: str) -> AsyncIterator[Association]:
    """Give an association a browser."""
    async with browsing(origin) as browser:
        yield Association(browser)
