"""Opens windows of a real browser, and notes everything that no visitor may meet."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urljoin

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, Response

AXE: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE: Final = (360, 780)
DESK: Final = (1440, 900)
GRAVE: Final = ("serious", "critical")
_FINDINGS: Final = """
axe.run({resultTypes: ["violations"]}).then((found) => JSON.stringify(found.violations.map(
  (one) => [one.impact, one.id, one.nodes.map((node) => node.target.join(" ")).slice(0, 5)])))
"""
_SKELETON: Final = """
[...new Set([...document.body.querySelectorAll("*")].map((one) => one.parentElement.localName
  + one.localName
  + [...one.attributes].map(({name, value}) => name === "class" ? value : name + !!value)
  + !!one.textContent.trim()))].join("\\n")
"""
_OVERHANG: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_FOCUS: Final = """(element) => {
  const style = getComputedStyle(element);
  return element === document.activeElement
    && (style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""
MOST_STOPS: Final = 80
_LEAVING: Final = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says about a request that is in hand when somebody leaves its page."""


class Unfit(AssertionError):
    """A page has what no visitor may meet; the message lists it."""


class Window:
    """A window at the gateway; what is wrong with its pages is raised by `look` and at its end."""

    _found_fit: ClassVar[set[str]] = set()
    """Skeletons of pages that axe has seen: kinds of elements, classes and attributes in their
    order, without the texts. A list with more rows of the same kind has the same one."""

    def __init__(self, page: Page, origins: Sequence[str], *, runs_scripts: bool) -> None:
        """Take a page.

        Args:
            page: the window.
            origins: the hosts that may be asked, first the gateway's.
            runs_scripts: False where the visitor has switched JavaScript off.
        """
        self.page = page
        self._origins = tuple(origins)
        self._runs_scripts = runs_scripts
        self._wrong: list[str] = []
        self._expected: set[str] = set()
        page.on("console", self._hear)
        page.on("pageerror", self._hear_error)
        page.on("request", lambda request: self._see_request(request.url))

    def allow(self, text: str) -> None:
        """Take no offence at what the console says with this text in it."""
        self._expected.add(text)

    async def open(self, path: str, *, expect: int = 200) -> None:
        """Go to an address and look at what is there."""
        self._expected.add(f"status of {expect} ")
        self._require(await self.page.goto(urljoin(self._origins[0], path)), expect)
        await self.look()

    async def press(self, button: str | Locator, *, expect: int = 200) -> None:
        """Press a button that sends a form, by its label or itself, and look at the answer."""
        self._expected.add(f"status of {expect} ")
        pressed = (
            self.page.get_by_role("button", name=button) if isinstance(button, str) else button
        )
        async with self.page.expect_navigation() as arriving:
            await pressed.first.click()
        self._require(await arriving.value, expect)
        await self.look()

    async def follow(self, link: str) -> None:
        """Click on a link in the main part and look at where it leads."""
        async with self.page.expect_navigation() as arriving:
            await self.page.get_by_role("main").get_by_role("link", name=link).first.click()
        self._require(await arriving.value, 200)
        await self.look()

    async def tab_to(self, label: str | Locator) -> None:
        """Press Tab until a field is reached, as somebody without a mouse does.

        Raises:
            Unfit: it cannot be reached, or one cannot see that it was.
        """
        target = self.page.get_by_label(label, exact=True) if isinstance(label, str) else label
        for _ in range(MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if await target.evaluate("(element) => element === document.activeElement"):
                if not await target.evaluate(_FOCUS):
                    raise Unfit(f"one cannot see that {label} has the focus")
                return
        raise Unfit(f"{label} cannot be reached with the keyboard")

    async def text(self) -> str:
        """Return what stands in the main part."""
        return await self.page.get_by_role("main").inner_text()

    async def look(self) -> None:
        """Look at the page on a telephone and on a desk; axe sees each kind of page once a run.

        Raises:
            Unfit: it hangs over, axe has serious findings, a script or the policy complained, or
                another host was asked.
        """
        if self._runs_scripts:
            for width, height in (PHONE, DESK):
                await self.page.set_viewport_size({"width": width, "height": height})
                self._wrong += [f"at {width} px: {one}" for one in await self._findings()]
        self.require_fit()

    def require_fit(self) -> None:
        """Stop at what is wrong so far.

        Raises:
            Unfit: something is.
        """
        if self._wrong:
            raise Unfit(f"{self.page.url}:\n" + "\n".join(self._wrong))

    async def _findings(self) -> list[str]:
        session = await self.page.context.new_cdp_session(self.page)

        async def value_of(expression: str) -> Any:
            # Not through `evaluate`, which the pages' policy would take for theirs and refuse.
            arguments = {"expression": expression, "awaitPromise": True, "returnByValue": True}
            answer = await session.send("Runtime.evaluate", arguments)
            if "exceptionDetails" in answer:
                raise Unfit(f"{expression[:60]}: {answer['exceptionDetails']}")
            return answer["result"].get("value")

        try:
            overhang = await value_of(_OVERHANG)
            wrong = [f"hangs over by {overhang} px"] if overhang > 0 else []
            skeleton = f"{self.page.viewport_size} {await value_of(_SKELETON)}"
            if skeleton in self._found_fit:
                return wrong
            # In one piece: a page that loads itself anew in between would have lost axe.
            script = "" if await value_of("'axe' in window") else AXE.read_text(encoding="utf-8")
            found = json.loads(await value_of(f"{script};\n{_FINDINGS}"))
        finally:
            await session.detach()
        grave = [f"{impact} {name}: {where}" for impact, name, where in found if impact in GRAVE]
        if not grave:
            self._found_fit.add(skeleton)
        return [*grave, *wrong]

    def _require(self, response: Response | None, expect: int) -> None:
        if response is None or response.status != expect:
            status = response.status if response else "no answer"
            raise Unfit(f"{self.page.url}: {status} instead of {expect}")

    def _hear(self, message: ConsoleMessage) -> None:
        is_expected = any(text in message.text for text in (*self._expected, *_LEAVING))
        if message.type in {"error", "warning"} and not is_expected:
            self._wrong.append(f"{message.type}: {message.text}")

    def _hear_error(self, error: Error) -> None:
        self._wrong.append(f"script: {error.message}")

    def _see_request(self, url: str) -> None:
        if not url.startswith((*self._origins, "data:", "blob:")):
            self._wrong.append(f"asks another host: {url}")


@asynccontextmanager
async def window(
    chromium: Browser, origins: Sequence[str], *, runs_scripts: bool = True, **options: Any
) -> AsyncIterator[Window]:
    """Open a window without cookies, German and on a desk, and require at its end that all was fit.

    Args:
        chromium: the running browser.
        origins: the hosts that may be asked, first the gateway's.
        runs_scripts: False switches JavaScript off.
        options: more of what Playwright's `new_context` takes.
    """
    width, height = DESK
    context = await chromium.new_context(
        locale="de-DE",
        timezone_id="Europe/Berlin",
        viewport={"width": width, "height": height},
        java_script_enabled=runs_scripts,
        **options,
    )
    try:
        opened = Window(await context.new_page(), origins, runs_scripts=runs_scripts)
        yield opened
        opened.require_fit()
    finally:
        await context.close()
