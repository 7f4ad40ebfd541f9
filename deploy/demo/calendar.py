"""Invents what the made-up city's editors keep: places, organisers, dates of their own."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from deploy.demo.words import DISTRICTS, TOWN
from services.events.content import EventContent
from services.events.place import OrganiserContent, PlaceContent

WEEKDAYS_AHEAD: Final = 10
"""How many days from now the first of the editors' dates are."""


class DemoCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """What the editors keep, with places and organisers by name."""

    districts: list[str]
    places: list[PlaceContent]
    organisers: list[OrganiserContent]
    published: list[EventContent]
    """`place_name` and `organiser` are those of a kept place and organiser."""
    submitted: EventContent
    """What an association has sent in and nobody has reviewed."""
    meeting: EventContent
    """Of a committee."""


def invent_calendar(today: date) -> DemoCalendar:
    """Return the same calendar for the same day."""
    return DemoCalendar(
        districts=list(DISTRICTS),
        places=_places(),
        organisers=[
            OrganiserContent(name="Stadtbibliothek Elbstadt", website="https://bibliothek.example"),
            OrganiserContent(name="Freiwilligenzentrum Elbstadt"),
            OrganiserContent(name="Nachbarschaftsverein Mühlenau e. V."),
        ],
        published=_published(today),
        submitted=_at(
            _next(today, 5),
            time(15),
            3,
            title="Flohmarkt im Hof",
            description="Kinderkleidung, Bücher, Kuchen. Wer einen Stand möchte, meldet sich an.",
            place_name="Nachbarschaftshaus Mühlenau",
            organiser="Nachbarschaftsverein Mühlenau e. V.",
            categories=["festivity"],
            audiences=["families"],
        ),
        meeting=_at(
            _next(today, 1),
            time(17),
            2,
            title="Sitzung der Steuerungsgruppe",
            description="Tagesordnung kommt mit der Einladung.",
            place_name="Rathaus, Lichthof",
            recurrence="FREQ=WEEKLY;INTERVAL=4;COUNT=6",
        ),
    )


def _published(today: date) -> list[EventContent]:
    return [_consultation(today), _reading(today), _repairs(today)]


def _consultation(today: date) -> EventContent:
    return _at(
        _next(today, 2),
        time(16),
        2,
        title="Sprechstunde für Engagierte",
        description="Wir helfen bei:\n\n- der **Suche** nach einem Ehrenamt\n"
        "- Anträgen und Versicherung\n- Fragen von Vereinen",
        easy_summary="Sie wollen anderen helfen?\nWir zeigen Ihnen, wo.\nDas kostet nichts.",
        place_name="Rathaus, Lichthof",
        organiser="Freiwilligenzentrum Elbstadt",
        categories=["engagement"],
        audiences=["volunteers", "newcomers"],
        price="kostenlos",
        recurrence="FREQ=WEEKLY;COUNT=12",
    )


def _reading(today: date) -> EventContent:
    return _at(
        _next(today, 4),
        time(10),
        1,
        title="Vorlesen für die Kleinsten",
        description="Geschichten und ein Lied, für Kinder von drei bis sechs Jahren.",
        place_name="Stadtbibliothek, Kinderetage",
        organiser="Stadtbibliothek Elbstadt",
        categories=["family", "culture"],
        audiences=["children", "families"],
        price="Eintritt frei",
        recurrence="FREQ=WEEKLY;INTERVAL=2;COUNT=8",
    )


def _repairs(today: date) -> EventContent:
    return _at(
        _next(today, 6),
        time(14),
        4,
        title="Repariertreff",
        description="Toaster, Fahrrad, Hose: Mitbringen, was noch zu retten ist.",
        place_name="Nachbarschaftshaus Mühlenau",
        organiser="Nachbarschaftsverein Mühlenau e. V.",
        categories=["nature", "engagement"],
        audiences=["older", "volunteers"],
        price="gegen Spende",
    )


def _places() -> list[PlaceContent]:
    return [
        PlaceContent(
            name="Rathaus, Lichthof",
            address=f"Rathausplatz 1, 01067 {TOWN}",
            district="altstadt",
            is_step_free=True,
            has_hearing_loop=True,
            has_accessible_toilet=True,
            wheelchair_places=12,
        ),
        PlaceContent(
            name="Stadtbibliothek, Kinderetage",
            address=f"Gerbergasse 14, 01069 {TOWN}",
            district="seevorstadt",
            is_step_free=True,
            has_accessible_toilet=True,
            access_note="Der Aufzug ist links vom Eingang.",
        ),
        PlaceContent(
            name="Nachbarschaftshaus Mühlenau",
            address=f"Mühlgraben 7, 01159 {TOWN}",
            district="muehlenau",
            is_step_free=False,
            access_note="Drei Stufen am Eingang; eine Rampe legen wir auf Anruf an.",
        ),
    ]


def _at(day: date, begins: time, hours: int, **said: Any) -> EventContent:
    starts = datetime.combine(day, begins)
    return EventContent(starts=starts, ends=starts + timedelta(hours=hours), **said)


def _next(today: date, weekday: int) -> date:
    """Return the first such weekday (Monday is 0) that is not too near."""
    day = today + timedelta(days=WEEKDAYS_AHEAD)
    return day + timedelta(days=(weekday - day.weekday()) % 7)
