"""A browser without a window: keeps cookies, follows redirects, fills in the forms of pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx

from tests.journeys import document
from tests.journeys.document import Element, Filled, Form, FormMismatch

REQUEST_SECONDS = 30
"""Longer than the services let a visitor wait: a page that hangs is found, a slow machine not."""


class Unexpected(AssertionError):
    """An answer has another status than the visitor counts on."""


class Page:
    """What a browser shows."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.url = str(response.url)
        is_html = "html" in response.headers.get("content-type", "")
        self.root = document.read(response.text) if is_html else Element("", {})

    @property
    def path(self) -> str:
        """Return the address without its origin."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def text(self) -> str:
        """Return what stands in the main part, or all there is."""
        return next(self.root.all("main"), self.root).text

    @property
    def figures(self) -> dict[str, str]:
        """Return the figures by label."""
        return document.figures(self.root)

    @property
    def facts(self) -> dict[str, str]:
        """Return the labelled particulars."""
        return document.facts(self.root)

    @property
    def rows(self) -> list[list[str]]:
        """Return the rows of all tables."""
        return document.rows(self.root)

    @property
    def forms(self) -> list[Form]:
        """Return the forms."""
        return [Form(element, self.path) for element in self.root.all("form")]

    def form(self, button: str, *, path: str = "") -> Form:
        """Return the first form with a button of this label or value, and this address if named.

        Raises:
            FormMismatch: there is none.
        """
        for form in self.forms:
            labels = [label for one in form.buttons for label in (one.text, one.get("value"))]
            if any(button in label for label in labels) and path in form.path:
                return form
        raise FormMismatch(f"no form with {button!r} on {self.path}: {self.text[:500]}")

    def link(self, label: str) -> str:
        """Return where the first link with this in its text leads.

        Raises:
            FormMismatch: there is none.
        """
        for link in self.root.all("a"):
            if label in link.text:
                return link.get("href")
        raise FormMismatch(f"no link {label!r} on {self.path}: {self.text[:500]}")


class Browser:
    """One person's browser at the gateway."""

    def __init__(self, client: httpx.AsyncClient, origin: str) -> None:
        self.client = client
        self.origin = origin
        self.page: Page

    async def open(self, path: str, *, expect: int = 200) -> Page:
        """Go to an address and to where it redirects.

        Raises:
            Unexpected: the status at the end is another one.
        """
        return self._show(await self.client.get(urljoin(self.origin, path)), expect)

    async def follow(self, label: str, *, expect: int = 200) -> Page:
        """Click on a link of the page."""
        return await self.open(urljoin(self.page.url, self.page.link(label)), expect=expect)

    async def press(
        self, button: str, given: Filled | None = None, *, path: str = "", expect: int | None = 200
    ) -> Page:
        """Fill in the form that this button belongs to and press it.

        Args:
            button: its label, a part of it, or its value.
            given: by field; the others are sent as the page shows them.
            path: a part of the form's address, where several have such a button.
            expect: the status at the end; None takes any.
        """
        form = self.page.form(button, path=path)
        return self._show(await self._send(form, given or {}, button), expect)

    async def _send(self, form: Form, given: Filled, button: str) -> httpx.Response:
        sent = form.filled(given, button)
        url = urljoin(self.page.url, sent.path)
        if sent.method == "GET":
            return await self.client.get(url, params=sent.fields)
        parts = urlsplit(url)
        headers = {"origin": f"{parts.scheme}://{parts.netloc}", "sec-fetch-site": "same-origin"}
        files = {name: (file, content, "text/csv") for name, (file, content) in sent.files.items()}
        return await self.client.post(url, data=sent.fields, files=files or None, headers=headers)

    def _show(self, response: httpx.Response, expect: int | None) -> Page:
        self.page = Page(response)
        if expect is not None and self.page.status != expect:
            raise Unexpected(
                f"{response.request.method} {self.page.path}: {self.page.status} instead of "
                f"{expect}: {self.page.text[:1000] or response.text[:1000]}"
            )
        return self.page


class _WithCookies(httpx.AsyncBaseTransport):
    """Sends and keeps cookies; takes localhost for safe, as all browsers do.

    httpx's own client copies them into a jar that does not.

    Source: W3C Secure Contexts 3.1, http://localhost is potentially trustworthy.
    """

    def __init__(self) -> None:
        policy = DefaultCookiePolicy(secure_protocols=("http", "https"))
        self._cookies = httpx.Cookies(CookieJar(policy))
        self._network = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.pop("cookie", None)
        self._cookies.set_cookie_header(request)
        response = await self._network.handle_async_request(request)
        response.request = request
        self._cookies.extract_cookies(response)
        return response

    async def aclose(self) -> None:
        await self._network.aclose()


@asynccontextmanager
async def browsing(origin: str) -> AsyncIterator[Browser]:
    """Open a browser with no cookies."""
    async with httpx.AsyncClient(
        transport=_WithCookies(),
        follow_redirects=True,
        headers={"accept": "text/html,application/xhtml+xml", "accept-language": "de"},
        timeout=REQUEST_SECONDS,
        trust_env=False,
    ) as client:
        yield Browser(client, origin)
