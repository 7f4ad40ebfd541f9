"""Opens windows of a real browser on a desk and on a telephone, and keeps what they show."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, TypeAlias
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from deploy.local.openid.people import DEMO_PEOPLE
from shared.auth import Role

Device: TypeAlias = Literal["desk", "telephone"]

SIZES: Final[dict[Device, tuple[int, int, int]]] = {
    "desk": (1440, 1080, 1),
    "telephone": (360, 720, 2),
}
"""Width and height in CSS pixels, and how many pixels of the screen each of them has."""
ARGUMENTS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars")
COLOURS: Final = 128
"""Enough for pages without photographs; a file has a third of the bytes that way."""
MARGIN: Final = 16
"""CSS pixels above the element with which a picture begins."""
_OFFSET: Final = "(element) => element.getBoundingClientRect().top + scrollY"


class Studio:
    """A browser without a screen, and the folder for what it shows."""

    def __init__(self, browser: Browser, origin: str, folder: Path) -> None:
        self._browser = browser
        self._origin = origin
        self._folder = folder

    def blank(self, device: Device = "desk") -> Page:
        """Open an empty window in which nobody is signed in."""
        width, height, scale = SIZES[device]
        context = self._browser.new_context(
            locale="de-DE",
            timezone_id="Europe/Berlin",
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            is_mobile=device == "telephone",
        )
        return context.new_page()

    def visit(self, path: str, device: Device = "desk") -> Page:
        """Open an address in a window of its own."""
        page = self.blank(device)
        self.open(page, path)
        return page

    def sit(self, role: Role, path: str, device: Device = "desk") -> Page:
        """Open a page for the demo person with a role."""
        person = next(one for one in DEMO_PEOPLE if one.role == role)
        page = self.visit("/anmelden", device)
        page.get_by_role("button", name=person.name).click()
        page.get_by_role("button", name="Abmelden").wait_for()
        self.open(page, path)
        return page

    def open(self, page: Page, path: str) -> None:
        """Go to an address in an open window.

        Raises:
            RuntimeError: the answer is not the page.
        """
        answer = page.goto(urljoin(self._origin, path))
        if answer is None or not answer.ok:
            raise RuntimeError(f"{path}: {answer.status if answer else 'no answer'}")

    def take(self, page: Page, name: str, top: Locator | None = None) -> None:
        """Write what a window shows to `<name>.png`, from an element on, or from its beginning."""
        page.mouse.move(0, 0)
        whole = Image.open(BytesIO(page.screenshot(full_page=True, animations="disabled")))
        size = page.viewport_size or {"width": whole.width, "height": whole.height}
        scale = whole.width // size["width"]
        height = size["height"] * scale
        wanted = (top.evaluate(_OFFSET) - MARGIN) * scale if top else 0
        above = max(min(int(wanted), whole.height - height), 0)
        part = whole.convert("RGB").crop((0, above, whole.width, above + height))
        reduced = part.quantize(COLOURS, dither=Image.Dither.NONE)
        self._folder.mkdir(parents=True, exist_ok=True)
        reduced.save(self._folder / f"{name}.png", optimize=True)


@contextmanager
def studio(chromium: str, origin: str, folder: Path) -> Iterator[Studio]:
    """Start the browser at this path for pages of this origin; pictures go to the folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            yield Studio(browser, origin, folder)
        finally:
            browser.close()
