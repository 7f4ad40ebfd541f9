"""Draws tickets (Eintrittskarten): one page each, to be printed or shown on a telephone."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from services.notifier.occasion import Occasion
from services.notifier.paper import LEFT, WIDTH, Paper
from shared.contracts.recognition_reads import TicketDetails

KIND_OF_PLACE: Final = {
    "standard": "Sitzplatz",
    "wheelchair": "Rollstuhlplatz",
    "companion": "Begleitplatz neben dem Rollstuhlplatz",
}
STEP_FREE: Final = (
    "Sie erreichen Ihren Platz stufenlos. Das Personal am Einlass zeigt Ihnen den Weg und hilft"
    " Ihnen gern."
)
ON_REQUEST: Final = (
    "Brauchen Sie einen stufenlosen Weg oder einen Platz nahe am Eingang? Bitte sprechen Sie das"
    " Personal am Einlass an."
)
CODE_SIZE: Final = 70.0


def ticket_pdf(occasion: Occasion, fonts: Path) -> bytes:
    """Return one PDF with all tickets of the guest's party, in their order."""
    with closing(Paper(fonts, f"Eintrittskarten: {occasion.guest.title}")) as paper:
        draw_tickets(paper, occasion)
        return bytes(paper.output())


def draw_tickets(paper: Paper, occasion: Occasion) -> None:
    """Add a page for each of the guest's tickets."""
    tickets = occasion.guest.tickets
    for number, ticket in enumerate(tickets, start=1):
        _draw(paper, occasion, ticket, f"Karte {number} von {len(tickets)}")


def _draw(paper: Paper, occasion: Occasion, ticket: TicketDetails, count: str) -> None:
    guest = occasion.guest
    words = occasion.words(by_letter=True)
    paper.start_page()
    paper.flow(f"Eintrittskarte · {count}", size=11)
    paper.skip(2)
    paper.flow(guest.title, size=22, style="B", tag="H1")
    paper.skip(3)
    _rows(
        paper,
        [
            ("Wann", words["moment"](guest.starts_at)),
            ("Einlass", f"ab {words['clock'](guest.doors_open_at)}"),
            ("Wo", ", ".join(filter(None, [guest.venue_name, guest.venue_address]))),
            ("Gast", ticket.holder_name),
            ("Platz", KIND_OF_PLACE[ticket.admission]),
        ],
    )
    paper.skip(4)
    _code(paper, ticket)
    _advice(paper, occasion, ticket)


def _rows(paper: Paper, rows: Sequence[tuple[str, str]]) -> None:
    for label, value in rows:
        lines = paper.broken(value, WIDTH - 25, size=13, style="B")
        top = paper.get_y()
        paper.put(label, (LEFT, top + 0.6), size=11)
        paper.put_lines(lines, (LEFT + 25, top), size=13, style="B")
        paper.set_xy(LEFT, paper.get_y() + 1.5)


def _code(paper: Paper, ticket: TicketDetails) -> None:
    top = paper.get_y()
    with paper.decoration():
        paper.set_line_width(0.3)
        paper.rect(LEFT, top, WIDTH, CODE_SIZE + 4)
    paper.qr(ticket.code, (LEFT + 2, top + 2), CODE_SIZE, "QR-Code für den Einlass")
    beside = LEFT + CODE_SIZE + 8
    paper.put("Ihr Code für den Einlass", (beside, top + 18), size=11)
    paper.put(ticket.short_code, (beside, top + 26), size=24, style="B")
    paper.put_lines(["Jede Karte gilt einmal und für eine Person."], (beside, top + 42), size=10)
    paper.set_xy(LEFT, top + CODE_SIZE + 10)


def _advice(paper: Paper, occasion: Occasion, ticket: TicketDetails) -> None:
    paper.flow("Bitte mitbringen", size=12, style="B", tag="H2")
    paper.flow("Diese Karte, ausgedruckt oder auf dem Telefon.", size=11)
    paper.skip(3)
    paper.flow("Weg zum Platz", size=12, style="B", tag="H2")
    paper.flow(ON_REQUEST if ticket.admission == "standard" else STEP_FREE, size=11)
    paper.skip(3)
    paper.flow("Sie können nicht kommen?", size=12, style="B", tag="H2")
    sender = occasion.sender
    paper.flow(
        f"Bitte sagen Sie uns Bescheid, auch kurzfristig: {sender.phone} oder {sender.email}."
        " Ihr Platz geht dann an einen Gast auf der Warteliste.",
        size=11,
    )
    paper.put(sender.organisation, (LEFT, 280), size=9)
