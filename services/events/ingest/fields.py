"""Takes fields out of a partner's JSON object and names the field that is wrong."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Final

from services.events.ingest import limits
from services.events.ingest.reasons import ItemRefused
from shared.errors import Malformed
from shared.text import clean

_LINK: Final = re.compile(r"https?://", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
MOST_MARKUP: Final = 4 * limits.DESCRIPTION_LENGTH
"""Characters of a description before its markup is taken out."""
_UNSEEN: Final = frozenset({"script", "style"})
_BLOCKS: Final = frozenset({"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr"})


def text(given: Mapping[str, Any], field: str, most: int = limits.LINE_LENGTH) -> str:
    """Return the text of `field`, cleaned; empty where it is absent or null.

    Raises:
        ItemRefused: not a text, too long, or with characters that deceive.
    """
    value = given.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ItemRefused("text_expected", field)
    return cleaned(value, field, most)


def cleaned(value: str, field: str, most: int = limits.LINE_LENGTH) -> str:
    """Return a partner's text as we keep it.

    Raises:
        ItemRefused: too long, or with characters that deceive.
    """
    try:
        kept = clean(value).strip()
    except Malformed as error:
        raise ItemRefused("text_not_allowed", field) from error
    if len(kept) > most:
        raise ItemRefused("text_too_long", field)
    return kept


def title(value: str, field: str) -> str:
    """Return a title on one line.

    Raises:
        ItemRefused: there is none, or as for `cleaned`.
    """
    kept = " ".join(cleaned(value, field, limits.TITLE_LENGTH).split())
    if not kept:
        raise ItemRefused("title_missing", field)
    return kept


def key(value: object, field: str) -> str:
    """Return the partner's own id of an item.

    Raises:
        ItemRefused: missing or too long.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise ItemRefused("id_missing", field)
    try:
        return cleaned(value, field, limits.KEY_LENGTH)
    except ItemRefused as error:
        if error.reason == "text_too_long":
            raise ItemRefused("id_too_long", field) from error
        raise


def description(value: str, field: str) -> str:
    """Return a description without markup and with few links.

    Raises:
        ItemRefused: too long, too many links, or as for `cleaned`.
    """
    if len(value) > MOST_MARKUP:
        raise ItemRefused("text_too_long", field)
    kept = cleaned(_without_markup(value), field, limits.DESCRIPTION_LENGTH)
    if len(_LINK.findall(kept)) > limits.LINKS:
        raise ItemRefused("too_many_links", field)
    return kept


def link(value: str, field: str) -> str:
    """Return an address that a browser may be sent to.

    Raises:
        ItemRefused: neither http nor https, or with blanks in it.
    """
    kept = cleaned(value, field, limits.LINK_LENGTH)
    if kept and (not _LINK.match(kept) or any(mark.isspace() for mark in kept)):
        raise ItemRefused("link_not_allowed", field)
    return kept


def coordinates(latitude: object, longitude: object, field: str) -> tuple[float, float] | None:
    """Return a point in degrees, None where none is given.

    Raises:
        ItemRefused: not on this earth.
    """
    if latitude is None and longitude is None:
        return None
    try:
        point = float(str(latitude)), float(str(longitude))
    except ValueError as error:
        raise ItemRefused("place_malformed", field) from error
    if not (abs(point[0]) <= 90 and abs(point[1]) <= 180):  # noqa: PLR2004 - degrees of the globe
        raise ItemRefused("place_malformed", field)
    return point


def revision(value: object, field: str) -> int | None:
    """Return a partner's count of changes, None where it keeps none.

    Raises:
        ItemRefused: not a whole number from 0 to two thousand million.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:  # noqa: PLR2004 - digits of 2**31
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ItemRefused("number_expected", field)
    # icalendar's numbers are of a class of its own, which msgpack does not write.
    return int(value)


def _without_markup(value: str) -> str:
    if not _TAG.search(value):
        return value
    reader = _Plain()
    reader.feed(value)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.pieces)).strip()


class _Plain(HTMLParser):
    """Keeps the text of HTML that readers see, with line breaks where blocks start."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen = tag in _UNSEEN
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = False

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
