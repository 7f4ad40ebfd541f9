"""Draws the sheet on which a guest ticks the answer and sends it back (Antwortkarte)."""

from typing import Final

from services.notifier import wording
from services.notifier.occasion import Occasion
from services.notifier.paper import LEFT, WIDTH, Paper

BOX: Final = 5.0
TEXT: Final = 12.0
CODE_SIZE: Final = 30.0


def draw_reply_sheet(paper: Paper, occasion: Occasion) -> None:
    """Add a page that fits into a window envelope back to the sender."""
    guest, sender = occasion.guest, occasion.sender
    paper.start_page()
    paper.put("Antwort", (LEFT, 20), size=20, style="B", tag="H1")
    paper.put_lines(
        [f"Bitte bis {wording.day(guest.answer_by, guest.zone)} zurücksenden."],
        (LEFT, 31),
        size=TEXT,
    )
    paper.address_field(
        f"Absender: {wording.full_name(occasion.person)}",
        (sender.organisation, sender.street, sender.town),
    )
    _code(paper, occasion)
    paper.set_xy(LEFT, 105)
    paper.flow(guest.title, size=14, style="B", tag="H2")
    paper.flow(wording.moment(guest.starts_at, guest.zone), size=TEXT)
    paper.skip(2)
    paper.flow(f"Gast: {wording.full_name(occasion.person)}", size=TEXT, style="B")
    paper.skip(6)
    _choices(paper, most_seats=guest.most_seats)
    paper.skip(8)
    paper.flow(
        f"Lieber am Telefon oder im Internet? {sender.phone} oder {occasion.short_url} mit Ihrem"
        " Code. Sie können Ihre Antwort bis zum oben genannten Tag ändern.",
        size=10.5,
    )


def _code(paper: Paper, occasion: Occasion) -> None:
    left = 125.0
    paper.qr(occasion.answer_url, (left - 3, 47), CODE_SIZE, "QR-Code: diese Antwort erfassen")
    paper.put("Code", (left + CODE_SIZE, 54), size=9)
    paper.put(occasion.guest.letter_code, (left + CODE_SIZE, 58), size=12, style="B")


def _choices(paper: Paper, *, most_seats: int) -> None:
    _choice(paper, "Ich komme." if most_seats == 1 else "Ich komme allein.")
    if most_seats > 1:
        _choice(paper, "Ich komme mit Begleitung. Name der Begleitung:")
        _blank(paper)
    _choice(paper, "Ich kann leider nicht kommen.")
    paper.skip(4)
    paper.flow("Falls Sie kommen und Unterstützung brauchen:", size=TEXT, style="B", tag="H2")
    paper.skip(3)
    _choice(paper, "Ich komme im Rollstuhl und brauche einen Rollstuhlplatz.")
    _choice(paper, "Ich bringe zusätzlich eine Person mit, die mich unterstützt.")


def _choice(paper: Paper, label: str) -> None:
    paper.make_room(BOX + 4)
    top = paper.get_y()
    with paper.decoration():
        paper.set_line_width(0.4)
        paper.rect(LEFT, top, BOX, BOX)
    paper.put(label, (LEFT + BOX + 4, top - 0.4), size=TEXT)
    paper.set_xy(LEFT, top + BOX + 4)


def _blank(paper: Paper) -> None:
    top = paper.get_y() + 6
    paper.rule((LEFT + BOX + 4, top), (LEFT + WIDTH, top), width=0.3)
    paper.set_xy(LEFT, top + 5)
