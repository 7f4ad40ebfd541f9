"""Reads from an address what somebody looks for in the calendar."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final

import msgspec

from services.events.category import Category
from services.events.content import DEFAULT_ZONE
from services.events.store.calendar import Asked
from shared.errors import Malformed, NotFound
from shared.ical.timezone import instant, wall_clock
from shared.text import clean
from shared.web.listing import read_page
from shared.web.request import Request

MOST_CHARACTERS: Final = 100
MOST_WORDS: Final = 8
MOST_PAGES: Final = 1_000
FIRST_YEAR, LAST_YEAR = 1971, 2098


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The search form as it was filled in."""

    text: str
    category: Category | None
    since: date
    is_given: bool
    """Whether something was asked for at all."""
    page: int

    def asked(self) -> Asked:
        """Return what the store is asked for."""
        return Asked(
            since=midnight(self.since),
            words=self.text.split()[:MOST_WORDS],
            category=self.category.code if self.category else None,
        )


def read_search(request: Request, categories: Sequence[Category], now: datetime) -> Search:
    """Return what `?suche=…&rubrik=kultur&ab=2026-09-12&seite=2` asks for.

    Raises:
        Malformed: a category, a day or a page that does not exist.
    """
    given = request.query_params
    today = wall_clock(now, DEFAULT_ZONE).date()
    text = clean(given.get("suche") or "", "suche").strip()[:MOST_CHARACTERS]
    since = _day(given.get("ab") or "") or today
    return Search(
        text=text,
        category=_category(given.get("rubrik") or "", categories),
        since=since,
        is_given=bool(text or given.get("rubrik") or given.get("ab")),
        page=read_page(request, MOST_PAGES),
    )


def read_month(text: str) -> date:
    """Return the first day of the month `JJJJ-MM`.

    Raises:
        NotFound: there is no such month in the calendar.
    """
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError as error:
        raise NotFound("Diesen Monat gibt es im Kalender nicht.") from error
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise NotFound("Diesen Monat gibt es im Kalender nicht.")
    return first


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in the city."""
    return instant(datetime.combine(day, time.min), DEFAULT_ZONE)


def _category(slug: str, categories: Sequence[Category]) -> Category | None:
    if not slug:
        return None
    for category in categories:
        if category.slug == slug:
            return category
    raise Malformed("Diese Rubrik gibt es nicht.", "rubrik")


def _day(text: str) -> date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
    raise Malformed("Bitte geben Sie einen Tag als TT.MM.JJJJ an.", "ab")
