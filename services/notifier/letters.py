"""Draws letters for who has no e-mail, all of one batch in one PDF, ready for window envelopes.

Source: DIN 5008:2020 form B (address field, fold marks), all measures in millimetres.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from services.notifier import wording
from services.notifier.gathering import LetterOccasion
from services.notifier.occasion import Occasion
from services.notifier.paper import LEFT, WIDTH, Paper
from services.notifier.prose import (
    Block,
    Details,
    Heading,
    Lines,
    Link,
    Paragraph,
    Points,
    Prose,
    Signature,
)
from services.notifier.reply_sheet import draw_reply_sheet
from services.notifier.ticket_pdf import draw_tickets

SIDE_LEFT: Final = 125.0
SIDE_TOP: Final = 50.0
SUBJECT_TOP: Final = 98.5
FOLD_MARKS: Final = (105.0, 210.0)
PUNCH_MARK: Final = 148.5
TEXT: Final = 10.5
GAP: Final = 2.4
CODE_SIZE: Final = 30.0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter before it is drawn."""

    occasion: LetterOccasion
    prose: Prose
    on: datetime
    can_be_answered: bool
    """Shows the recipient's code and the QR code of the page that it opens."""
    brings_reply_sheet: bool
    brings_tickets: bool


class LetterBook:
    """Collects the letters of one batch."""

    def __init__(self, fonts: Path, title: str) -> None:
        self._paper = Paper(fonts, title)

    def add(self, letter: Letter) -> None:
        """Draw one more letter, with its reply sheet and tickets behind it."""
        paper = self._paper
        paper.start_page()
        _draw_frame(paper, letter)
        paper.set_xy(LEFT, SUBJECT_TOP)
        paper.flow(letter.prose.subject, size=TEXT, style="B", tag="H1")
        paper.skip(2 * GAP)
        for block in letter.prose.blocks:
            _draw_block(paper, block)
            paper.skip(GAP)
        if isinstance(letter.occasion, Occasion):
            if letter.brings_reply_sheet:
                draw_reply_sheet(paper, letter.occasion)
            if letter.brings_tickets:
                draw_tickets(paper, letter.occasion)

    def close(self) -> None:
        """Let go of the fonts, whether the book was finished or not."""
        self._paper.close()

    def finish(self) -> bytes:
        """Return the PDF with all letters in the order in which they were added."""
        return bytes(self._paper.output())


def _draw_frame(paper: Paper, letter: Letter) -> None:
    occasion = letter.occasion
    sender = occasion.sender
    for mark in FOLD_MARKS:
        paper.rule((5, mark), (10, mark), width=0.1)
    paper.rule((5, PUNCH_MARK), (12, PUNCH_MARK), width=0.1)
    paper.put(sender.organisation, (LEFT, 20), size=14, style="B")
    paper.address_field(sender.return_line, occasion.address_lines)
    _draw_side(paper, letter)


def _draw_side(paper: Paper, letter: Letter) -> None:
    """Write the particulars to the right of the address, with the QR code of the answer page."""
    occasion = letter.occasion
    top = SIDE_TOP
    if letter.can_be_answered:
        label, alternative = occasion.online
        paper.qr(occasion.answer_url, (SIDE_LEFT - 3, top - 3), CODE_SIZE, alternative)
        beside = SIDE_LEFT + CODE_SIZE - 3
        paper.put("Ihr persönlicher Code", (beside, top + 4), size=9)
        paper.put(occasion.code, (beside, top + 8), size=11, style="B")
        paper.put(label, (SIDE_LEFT, top + 28), size=9)
        paper.put(occasion.short_url, (SIDE_LEFT, top + 32), size=9, style="B")
    paper.put(f"Telefon {occasion.sender.phone}", (SIDE_LEFT, top + 37.5), size=9)
    paper.put(wording.day(letter.on, occasion.zone), (SIDE_LEFT, top + 42), size=9)


def _draw_block(paper: Paper, block: Block) -> None:
    match block:
        case Paragraph(text):
            paper.flow(text, size=TEXT)
        case Lines(lines):
            _draw_lines(paper, lines)
        case Heading(text):
            paper.make_room(15)
            paper.flow(text, size=TEXT, style="B", tag="H2")
        case Points(items):
            _draw_points(paper, items)
        case Details(rows):
            _draw_details(paper, rows)
        case Link(label, url):
            paper.flow(f"{label}: {url}", size=TEXT)
        case Signature(lines):
            _draw_signature(paper, lines)


def _draw_lines(paper: Paper, lines: tuple[str, ...]) -> None:
    for line in lines:
        if line:
            paper.flow(line, size=TEXT)
        else:
            paper.skip(GAP)


def _draw_points(paper: Paper, items: tuple[str, ...]) -> None:
    for item in items:
        paper.make_room(12)
        top = paper.get_y()
        paper.put("–", (LEFT + 3, top), size=TEXT)
        paper.set_xy(LEFT, top)
        paper.flow(item, size=TEXT, indent=7)


def _draw_signature(paper: Paper, lines: tuple[str, ...]) -> None:
    paper.make_room(25)
    paper.skip(12)
    for line in lines:
        paper.flow(line, size=TEXT)


def _draw_details(paper: Paper, rows: tuple[tuple[str, str], ...]) -> None:
    column = max((paper.width_of(label, TEXT) for label, _ in rows), default=0) + 6
    for label, value in rows:
        lines = paper.broken(value, WIDTH - column, size=TEXT, style="B")
        paper.make_room(6 * len(lines))
        top = paper.get_y()
        paper.put(label, (LEFT, top), size=TEXT)
        paper.put_lines(lines, (LEFT + column, top), size=TEXT, style="B")
