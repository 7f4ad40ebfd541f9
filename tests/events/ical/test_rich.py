"""What the rich profile adds, read back by a parser that is not ours."""

from typing import Any
from uuid import UUID

from icalendar import Calendar, Event, Image

from services.events.ical.calendar import single
from services.events.ical.event import vevents, written_zone
from services.events.ical.rich import About, enriched
from services.events.images.picture import Picture
from services.events.model import CalendarEvent
from tests.events.builders import event

URL = "https://ehrenamt.example.de/termine/1"
PICTURE = Picture(
    alt='Ein "Chor"; alle singen',
    licence="cc-by-4.0",
    credit="Kim Muster",
    event_image_id=UUID(int=7),
    media_type="image/webp",
    width=800,
    height=600,
)
MARKED = "Mit **Musik**, Kaffee\n\n- Kuchen\n- Tee; [Karte](https://example.de/karte)"
SERIES: dict[str, Any] = {"recurrence": "FREQ=WEEKLY;COUNT=3"}


def body(given: CalendarEvent, **beside: Any) -> bytes:
    about = About(url=URL, **beside)
    plain = vevents(given, about.url, about.categories, about.access)
    return single(written_zone(given.zone), enriched(plain, given, about))


def read(given: CalendarEvent, **beside: Any) -> Event:
    [found] = Calendar.from_ical(body(given, **beside)).walk("VEVENT")
    assert isinstance(found, Event)
    assert found.errors == []
    return found


def test_the_picture_is_named_with_what_is_on_it_and_whose_it_is() -> None:
    """Source: RFC 7986 5.10; LABEL is where iCalendar keeps what people read instead of a URI."""
    address = "https://ehrenamt.example.de/bilder/7"

    [image] = read(event(), picture=PICTURE, picture_url=address).images

    assert isinstance(image, Image)
    assert (image.uri, image.fmttype, image.display) == (address, "image/webp", "FULLSIZE")
    assert image.altrep == URL


def test_the_words_beside_a_picture_survive_their_quotes() -> None:
    """Source: RFC 6868 3, a quote within a parameter."""
    label = read(event(), picture=PICTURE, picture_url="https://example.de/7")["IMAGE"].params

    assert label["LABEL"] == 'Ein "Chor"; alle singen (Bild: Kim Muster, CC BY 4.0)'


def test_an_event_without_a_picture_names_none() -> None:
    assert read(event()).images == []


def test_a_marked_description_stands_there_as_html_too() -> None:
    """Source: RFC 9073 6.5, the one that is not derived is the one to show."""
    given = event(description=MARKED, organiser="Chor & Co", registration_url="https://example.de")

    found = read(given, access="ohne Stufen")

    styled = found["STYLED-DESCRIPTION"]
    assert styled.params["FMTTYPE"] == "text/html"
    assert "DERIVED" not in styled.params
    assert "<strong>Musik</strong>, Kaffee" in styled
    assert "<li>Kuchen</li>" in styled
    assert "<p>Veranstaltet von: Chor &amp; Co</p>" in styled
    assert '<p>Anmeldung: <a href="https://example.de">https://example.de</a></p>' in styled
    assert "<p>Barrierefreiheit: ohne Stufen</p>" in styled
    assert found["DESCRIPTION"].params["DERIVED"] == "TRUE"
    assert "Mit Musik, Kaffee" in found["DESCRIPTION"]


def test_a_description_without_marks_needs_no_html() -> None:
    found = read(event(description="Mit Musik"))

    assert "STYLED-DESCRIPTION" not in found
    assert "DERIVED" not in found["DESCRIPTION"].params


def test_what_looks_like_the_end_of_an_event_is_text() -> None:
    given = event(title="END:VEVENT", description="a\r\nEND:VEVENT\r\n*b*", **SERIES)

    assert body(given).count(b"\r\nBEGIN:PARTICIPANT") == body(event(**SERIES)).count(
        b"\r\nBEGIN:PARTICIPANT"
    )
    assert read(given)["SUMMARY"] == "END:VEVENT"


def test_its_lines_are_folded_like_all_others() -> None:
    """Source: RFC 5545 3.1."""
    given = event(description=MARKED * 20)

    assert max(map(len, body(given, picture=PICTURE, picture_url=URL).split(b"\r\n"))) <= 75
