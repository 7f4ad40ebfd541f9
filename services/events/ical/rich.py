"""Writes what only newer calendar programs read: who takes part, where it is, how it looks."""

from collections.abc import Sequence
from typing import Final

import msgspec
from markupsafe import Markup

from services.events.ical.event import description_of, details
from services.events.images.picture import Picture
from services.events.model import CalendarEvent
from services.events.rich_text import is_marked, rendered
from shared.ical.text import escaped, line, parameter, text_line

_LINE: Final = b"\r\n"
_END: Final = b"\r\nEND:VEVENT\r\n"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside an event's own words."""

    url: str
    """The event's page, which does not change with its title."""
    categories: Sequence[str] = ()
    """The titles, in German, of its categories."""
    concepts: Sequence[str] = ()
    """The addresses of its categories."""
    access: str = ""
    """How accessible its place is, in words; empty where nobody knows."""
    picture: Picture | None = None
    picture_url: str = ""


def enriched(written: bytes, event: CalendarEvent, about: About) -> bytes:
    """Return an event's VEVENTs, as all programs read them, in the rich profile.

    What stands at the begin of a line is never text: a folded line goes on after a space.
    """
    end = _END.removeprefix(_LINE)
    rich = written.replace(_END, _LINE + _richer(event, about) + end)
    if not is_marked(event.description):
        return rich
    text = description_of(event, about.access)
    return rich.replace(_LINE + text_line("DESCRIPTION", text), _LINE + _styled(event, about, text))


def _styled(event: CalendarEvent, about: About, text: str) -> bytes:
    """Return the description as HTML, and the plain one as derived from it.

    Source: RFC 9073 6.5; whoever shows the one does not show the other, so both say everything.
    """
    further = [
        Markup('<p>{}: <a href="{}">{}</a></p>').format(name, what, what)
        if what.startswith(("http://", "https://"))
        else Markup("<p>{}: {}</p>").format(name, what)
        for name, what in details(event, about.access)
    ]
    html = "".join([rendered(event.description), *further])
    return b"".join(
        [
            text_line("DESCRIPTION;DERIVED=TRUE", text),
            text_line("STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html", html),
        ]
    )


def _richer(event: CalendarEvent, about: About) -> bytes:
    """Return the lines and components that the rich profile has besides.

    No LOCATION-TYPE, for calcurse drops an event whose VLOCATION has one.
    Source: RFC 9073 7.1 and 7.2, RFC 9253 8.1 to 8.3.
    """
    lines = [line(f"LINK;LINKREL={parameter('describedby')};VALUE=URI", about.url)]
    if event.website:
        lines.append(line(f"LINK;LINKREL={parameter('related')};VALUE=URI", event.website))
    lines += [line("CONCEPT", concept) for concept in about.concepts]
    if event.organiser_id is not None:
        lines.append(text_line("REFID", str(event.organiser_id)))
    lines += _image(about)
    return b"".join([*lines, *_participants(event), *_location(event, about.access)])


def _image(about: About) -> list[bytes]:
    """Return where the picture is; what is on it and whose it is stand in its label.

    iCalendar knows no licence of an image, and a LINK to one would be the event's. ALTREP leads to
    the page where the picture's licence can be followed.
    Source: RFC 7986 5.10, 6.1 (FULLSIZE: enhances the event) and 6.2.
    """
    picture = about.picture
    if picture is None:
        return []
    credit = ", ".join(part for part in (picture.credit, picture.licence_title) if part)
    label = parameter(f"{picture.alt} (Bild: {credit})")
    shown = f"DISPLAY=FULLSIZE;FMTTYPE={picture.media_type};ALTREP={parameter(about.url)}"
    return [line(f"IMAGE;VALUE=URI;{shown};LABEL={label}", about.picture_url)]


def _participants(event: CalendarEvent) -> list[bytes]:
    found = []
    if event.organiser:
        found += _participant(event, "PLANNER-CONTACT", event.organiser, event.website)
    if event.registration_url:
        found += _participant(event, "BOOKING-CONTACT", "Anmeldung", event.registration_url)
    return found


def _participant(event: CalendarEvent, kind: str, summary: str, url: str) -> list[bytes]:
    return [
        b"BEGIN:PARTICIPANT\r\n",
        line("UID", f"{kind.lower()}-{event.uid}"),
        line("PARTICIPANT-TYPE", kind),
        text_line("SUMMARY", summary),
        *([line("URL", url)] if url else []),
        b"END:PARTICIPANT\r\n",
    ]


def _location(event: CalendarEvent, access: str) -> list[bytes]:
    if not event.place_name:
        return []
    about = ". ".join(part for part in (event.place_address, access) if part)
    lines = [
        b"BEGIN:VLOCATION\r\n",
        line("UID", f"location-{event.uid}"),
        line("NAME", escaped(event.place_name)),
    ]
    if about:
        lines.append(text_line("DESCRIPTION", about))
    if event.latitude is not None and event.longitude is not None:
        lines.append(line("GEO", f"{event.latitude:.6f};{event.longitude:.6f}"))
    return [*lines, b"END:VLOCATION\r\n"]
