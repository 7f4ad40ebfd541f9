"""Reads from an address what somebody looks for in the calendar, and writes such addresses."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from services.events.category import Term
from services.events.content import DEFAULT_ZONE
from services.events.need import NEEDS, needs_of
from services.events.place import District
from services.events.selection import MOST_CHARACTERS, MOST_WORDS, Selection, canonical, needing
from services.events.store.calendar import Asked
from services.events.store.choices import Choices
from shared.errors import Malformed, NotFound
from shared.ical.timezone import instant, wall_clock
from shared.text import clean
from shared.web.listing import read_page
from shared.web.request import Request

MOST_PAGES: Final = 1_000
FIRST_YEAR, LAST_YEAR = 1971, 2098
YES, NO = "ja", "nein"


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The search form as it was filled in."""

    selection: Selection
    chosen: dict[str, list[str]]
    """The selection as it stands in an address."""
    since: date
    today: date
    is_since_given: bool
    page: int

    @property
    def is_given(self) -> bool:
        """Tell whether something was asked for at all."""
        return self.is_since_given or not self.selection.is_everything

    @property
    def is_narrow(self) -> bool:
        """Tell whether more is chosen than words and one category."""
        return bool(self.chosen.keys() - {"suche", "rubrik"})

    @property
    def text(self) -> str:
        """Return the words as they stand in the field."""
        return " ".join(self.selection.words)

    def has(self, field: str, value: object) -> bool:
        """Tell whether a choice is made."""
        return str(value) in self.chosen.get(field, [])

    def asked(self) -> Asked:
        """Return what the store is asked for."""
        return Asked(since=midnight(self.since), selection=self.selection)

    def link(self, path: str, **further: object) -> str:
        """Return a path that asks for the same selection, with what else is given and not empty."""
        more = {name: [str(value)] for name, value in further.items() if value}
        query = urlencode({**self.chosen, **more}, doseq=True)
        return f"{path}?{query}" if query else path


def read_search(request: Request, choices: Choices, now: datetime) -> Search:
    """Return what `?suche=…&rubrik=kultur&stadtteil=altstadt&ab=2026-09-12&seite=2` asks for.

    Raises:
        Malformed: a choice, a day or a page that does not exist.
    """
    given = request.query_params
    today = wall_clock(now, DEFAULT_ZONE).date()
    since = _day(given.get("ab") or "")
    selection = read_selection(request.query_params, choices)
    return Search(
        selection=selection,
        chosen=written(selection, choices),
        since=since or today,
        today=today,
        is_since_given=since is not None,
        page=read_page(request, MOST_PAGES),
    )


def read_selection(given: Any, choices: Choices) -> Selection:
    """Return the selection that the fields of an address or of a form describe.

    Args:
        given: a multi-dict: `rubrik`, `zielgruppe`, `stadtteil`, `ort` and `veranstalter` may each
            stand there several times; `stufenlos` and the other needs are `ja`.
        choices: what can be chosen from.

    Raises:
        Malformed: names the field that asks for what does not exist.
    """
    text = clean(str(given.get("suche") or ""), "suche").strip()[:MOST_CHARACTERS]
    selection = Selection(
        categories=_codes(_all(given, "rubrik"), choices.categories, "rubrik"),
        audiences=_codes(_all(given, "zielgruppe"), choices.audiences, "zielgruppe"),
        districts=_districts(_all(given, "stadtteil"), choices.districts),
        places=_ids(_all(given, "ort"), choices, "ort"),
        organisers=_ids(_all(given, "veranstalter"), choices, "veranstalter"),
        words=tuple(text.split()[:MOST_WORDS]),
        hides_cancelled=given.get("abgesagt") == NO,
    )
    needs = [need for need in NEEDS if given.get(need.slug) == YES]
    return canonical(needing(selection, needs))


def written(selection: Selection, choices: Choices) -> dict[str, list[str]]:
    """Return a selection as the fields of an address; what is not chosen is left out."""
    fields = {
        "suche": [" ".join(selection.words)] if selection.words else [],
        "rubrik": [term.slug for term in choices.categories if term.code in selection.categories],
        "zielgruppe": [term.slug for term in choices.audiences if term.code in selection.audiences],
        "stadtteil": list(selection.districts),
        "ort": [str(place_id) for place_id in selection.places],
        "veranstalter": [str(organiser_id) for organiser_id in selection.organisers],
        **{need.slug: [YES] for need in needs_of(selection)},
        "abgesagt": [NO] if selection.hides_cancelled else [],
    }
    return {name: values for name, values in fields.items() if values}


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


def _all(given: Any, name: str) -> list[str]:
    return [str(value) for value in given.getall(name, []) if value]


def _codes(slugs: Sequence[str], terms: Sequence[Term], field: str) -> tuple[str, ...]:
    known = {term.slug: term.code for term in terms}
    for slug in slugs:
        if slug not in known:
            what = "Rubrik" if field == "rubrik" else "Zielgruppe"
            raise Malformed(f"Diese {what} gibt es nicht.", field)
    return tuple(known[slug] for slug in slugs)


def _districts(slugs: Sequence[str], districts: Sequence[District]) -> tuple[str, ...]:
    if not {district.slug for district in districts}.issuperset(slugs):
        raise Malformed("Diesen Stadtteil gibt es nicht.", "stadtteil")
    return tuple(slugs)


def _ids(texts: Sequence[str], choices: Choices, field: str) -> tuple[UUID, ...]:
    """Return the ids of places or organisers; one that was merged stands for what it has become."""
    try:
        named = [UUID(text) for text in texts]
    except ValueError as error:
        raise Malformed("Diese Auswahl gibt es nicht.", field) from error
    return tuple(choices.become.get(each, each) for each in named)


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
