"""Reads from a page what a browser would send."""

from html.parser import HTMLParser
from typing import Any

_UNTICKED = ("checkbox", "radio")


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._open: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name:
            if given.get("type") not in _UNTICKED or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag in {"textarea", "select"} and name:
            self._open, self._text = (tag, name), ""
            if tag == "select":
                self.fields[name] = [""]
        elif tag == "option" and self._open and "selected" in given:
            self.fields[self._open[1]] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[0]:
            if tag == "textarea":
                # Source: HTML, a newline right after the start tag is left out.
                self.fields[self._open[1]] = [self._text.removeprefix("\n")]
            self._open = None


def fields_of(html: str) -> dict[str, Any]:
    """Return the fields of a page's last form, as a browser sends them."""
    reader = _Fields()
    reader.feed(html[html.rindex("<form ") :])
    return reader.fields
