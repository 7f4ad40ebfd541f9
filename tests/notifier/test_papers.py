"""Letters, reply sheets, tickets and calendar files hold what a guest needs, where it belongs."""

from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, cast

import icalendar
import pytest
import vobject
from pypdf import PdfReader

from services.notifier import prose
from services.notifier.invitation_ics import invitation_ics
from services.notifier.letters import Letter, LetterBook
from services.notifier.model import Purpose
from services.notifier.occasion import Occasion
from services.notifier.settings import FONTS
from services.notifier.ticket_pdf import ticket_pdf
from tests.notifier.builders import accepted, guest, occasion, person, ticket

MM = 72 / 25.4
CHANGED_AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def letter(purpose: Purpose, about: Occasion, **changes: bool) -> Letter:
    """Return a letter as the printing makes it."""
    flags = {"can_be_answered": True, "brings_reply_sheet": False, "brings_tickets": False}
    written = prose.write(purpose, about.words(by_letter=True))
    return Letter(occasion=about, prose=written, on=CHANGED_AT, **flags | changes)


def book(*letters: Letter) -> PdfReader:
    """Return the PDF with these letters, read back."""
    with closing(LetterBook(FONTS, "Briefe: Einladung")) as drawn:
        for one in letters:
            drawn.add(one)
        return PdfReader(BytesIO(drawn.finish()))


def places(reader: PdfReader, page: int) -> list[tuple[str, float, float]]:
    """Return each piece of text with its left and its distance from the top, in millimetres."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, _cm: Any, tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4] / MM, 297 - tm[5] / MM))

    reader.pages[page].extract_text(visitor_text=visit)
    return found


def test_the_address_stands_in_the_window_of_the_envelope() -> None:
    """DIN 5008 form B: the address zone is 27.3 mm high from 62.7 mm, 85 mm wide from 20 mm."""
    reader = book(letter("invitation", occasion()))

    found = {text: (left, top) for text, left, top in places(reader, 0)}

    for line in ("Frau", "Änne Müßig", "Äußere Weberstraße 17 b", "01099 Elbstadt"):
        left, top = found[line]
        assert 20 <= left < 105
        assert 62.7 < top < 90


def test_an_overlong_address_stays_inside_the_window() -> None:
    crowded = person(given_name="Anna-Maria Theresia " * 3, street="Straße des Volkes " * 9)

    found = places(book(letter("invitation", occasion(person=crowded))), 0)
    below = [top for _, left, top in found if left < 105 and 60 < top < 98]

    assert max(below) < 90


def test_a_letter_shows_code_and_short_address_and_brings_the_sheet_to_send_back() -> None:
    reader = book(letter("invitation", occasion(), brings_reply_sheet=True))

    first, sheet = (page.extract_text() for page in reader.pages)

    assert "7KQM-4T2X-9HRD" in first
    assert "ehrenamt.example.de/einladung" in first
    assert "7KQM-4T2X-9HRD" in sheet
    assert "Bürgerstiftung Elbstadt" in sheet
    assert "Ich komme mit Begleitung" in sheet
    assert "Ich kann leider nicht kommen." in sheet
    assert "x" * 32 not in first + sheet


def test_a_guest_who_comes_alone_is_not_asked_for_somebody_else() -> None:
    alone = occasion(guest=guest(most_seats=1))

    sheet = book(letter("invitation", alone, brings_reply_sheet=True)).pages[1].extract_text()

    assert "Begleitung" not in sheet
    assert "Ich komme." in sheet


def test_tickets_follow_the_letter_they_belong_to() -> None:
    reader = book(letter("acceptance", occasion(guest=accepted()), brings_tickets=True))

    texts = [page.extract_text() for page in reader.pages]

    assert len(texts) == 3
    assert "Łukasz Żółć" in texts[2]


def test_a_cancelled_event_is_told_without_a_code_to_answer_with() -> None:
    reader = book(letter("cancelled", occasion(guest=accepted()), can_be_answered=False))

    assert "7KQM-4T2X-9HRD" not in reader.pages[0].extract_text()


def test_a_long_programme_flows_on_to_a_second_page_and_loses_nothing() -> None:
    lines = [f"{number}. Satz aus einem sehr langen Programm" for number in range(1, 41)]
    about = occasion(guest=guest(programme="\n".join(lines)))

    reader = book(letter("invitation", about))
    text = "".join(page.extract_text() for page in reader.pages)

    assert len(reader.pages) > 1
    assert all(line in text for line in lines)


def test_the_pdf_is_tagged_german_text_with_its_fonts_inside() -> None:
    reader = book(letter("invitation", occasion(), brings_reply_sheet=True))

    catalog = cast("dict[str, Any]", reader.trailer["/Root"])
    fonts = cast("dict[str, Any]", reader.pages[0]["/Resources"])["/Font"].values()

    assert catalog["/Lang"] == "de-DE"
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Briefe: Einladung"
    assert all(
        "/FontFile2" in font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for font in fonts
    )


def test_everything_drawn_is_either_tagged_text_or_decoration() -> None:
    reader = book(letter("invitation", occasion(), brings_reply_sheet=True))

    for page in reader.pages:
        depth = 0
        for line in cast("Any", page.get_contents()).get_data().decode("latin-1").splitlines():
            depth += line.endswith((" BDC", " BMC")) - (line == "EMC")
            if line.endswith((" Tj ET", " re f")):
                assert depth == 1, line
        assert depth == 0


@pytest.mark.parametrize(
    ("admission", "kind", "advice"),
    [
        ("standard", "Sitzplatz", "stufenlosen Weg"),
        ("wheelchair", "Rollstuhlplatz", "stufenlos"),
        ("companion", "Begleitplatz", "stufenlos"),
    ],
)
def test_a_ticket_says_for_whom_and_for_what_place_it_is(
    admission: str, kind: str, advice: str
) -> None:
    about = occasion(guest=accepted(tickets=(ticket(admission=admission),)))

    text = " ".join(PdfReader(BytesIO(ticket_pdf(about, FONTS))).pages[0].extract_text().split())

    assert "Änne Müßig" in text
    assert "7KQM-4T2X" in text
    assert "Samstag, 13. Februar 2027, 19:00 Uhr" in text
    assert kind in text
    assert advice in text


def test_each_person_gets_a_page_of_their_own() -> None:
    reader = PdfReader(BytesIO(ticket_pdf(occasion(guest=accepted()), FONTS)))

    assert [page.extract_text().splitlines()[0] for page in reader.pages] == [
        "Eintrittskarte · Karte 1 von 2",
        "Eintrittskarte · Karte 2 von 2",
    ]


def test_the_calendar_file_is_read_the_same_by_two_libraries() -> None:
    content = invitation_ics(occasion(guest=accepted()), 3, CHANGED_AT)

    event = icalendar.Calendar.from_ical(content).walk("VEVENT")[0]
    other = vobject.readOne(content.decode()).vevent

    assert event["DTSTART"].dt == accepted().starts_at
    assert other.dtstart.value == accepted().starts_at
    assert other.dtend.value == accepted().ends_at
    assert str(event["LOCATION"]) == "Kulturhaus, Großer Saal, Schloßstraße 2, 01067 Elbstadt"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (3, "CONFIRMED")
    assert b"METHOD" not in content
    assert b"ORGANIZER" not in content
    assert b"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in content


def test_a_later_calendar_file_replaces_the_entry_of_the_earlier() -> None:
    coming = accepted()
    moved = accepted(invitation_id=coming.invitation_id, is_cancelled=True)

    first = icalendar.Calendar.from_ical(invitation_ics(occasion(guest=coming), 3, CHANGED_AT))
    second = icalendar.Calendar.from_ical(invitation_ics(occasion(guest=moved), 4, CHANGED_AT))

    before, after = first.walk("VEVENT")[0], second.walk("VEVENT")[0]
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert str(after["STATUS"]) == "CANCELLED"
    assert str(after["SUMMARY"]).startswith("Abgesagt: ")


def test_equal_changes_give_equal_bytes() -> None:
    about = occasion(guest=accepted())

    assert invitation_ics(about, 3, CHANGED_AT) == invitation_ics(about, 3, CHANGED_AT)
