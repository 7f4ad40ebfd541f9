"""Draws on A4 pages: real text with tags for screen readers, an embedded font, QR codes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

FAMILY: Final = "NotoSans"
FONTS: Final = {"": "NotoSans-Regular.woff", "B": "NotoSans-Bold.woff"}
"""Files of the design system's package; its glyphs cover the names of DIN SPEC 91379."""
LEADING: Final = 1.35
MM_PER_POINT: Final = 25.4 / 72
LEFT: Final = 25.0
RIGHT: Final = 20.0
WIDTH: Final = 210.0 - LEFT - RIGHT
BOTTOM: Final = 275.0
WINDOW_TOP: Final = 62.7
WINDOW_WIDTH: Final = 80.0
WINDOW_TEXT: Final = 9.5
MOST_ADDRESS_LINES: Final = 6
SMALLEST: Final = 5.0

Tag = Literal["H1", "H2", "P", "Figure"]


class Paper(FPDF):
    """A document in millimetres that is tagged as it is drawn.

    Source: ISO 32000-1 14.8 (tagged PDF). Everything drawn is either in `tagged` or in
    `decoration`, so that a screen reader reads all of the text and only the text.
    """

    def __init__(self, fonts: Path, title: str) -> None:
        super().__init__(format="A4", unit="mm")
        for style, file in FONTS.items():
            self.add_font(FAMILY, style, fonts / file)
        self.set_auto_page_break(auto=False)
        self.set_margins(LEFT, 20, RIGHT)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang("de-DE")
        self.set_creator("Ehrensache")
        self._marks = 0
        self._widths: dict[tuple[str, str], float] = {}

    def close(self) -> None:
        """Close the font files, which stay open while the document is drawn."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def start_page(self) -> None:
        """Begin a page with the pen at its top."""
        self.add_page()
        self._marks = 0
        self.set_xy(LEFT, 20)

    @contextmanager
    def tagged(self, tag: Tag, alternative: str | None = None) -> Iterator[None]:
        """Mark what is drawn inside as one element of the text, in reading order."""
        mark, self._marks = self._marks, self._marks + 1
        self._add_marked_content(struct_type=f"/{tag}", mcid=mark, alt_text=alternative)
        self._out(f"/{tag} <</MCID {mark}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn inside as nothing that is to be read out."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def put(
        self, text: str, at: tuple[float, float], *, size: float, style: str = "", tag: Tag = "P"
    ) -> None:
        """Write one line at (x, y), its upper left corner, without moving on."""
        self.set_font(FAMILY, style, size)
        self.set_xy(*at)
        with self.tagged(tag):
            self.cell(None, size * LEADING * MM_PER_POINT, text)

    def put_lines(
        self, lines: Sequence[str], at: tuple[float, float], *, size: float, style: str = ""
    ) -> None:
        """Write lines below one another from (x, y) on, as one paragraph."""
        self.set_font(FAMILY, style, size)
        height = size * LEADING * MM_PER_POINT
        with self.tagged("P"):
            for number, line in enumerate(_spoken(lines)):
                self.set_xy(at[0], at[1] + number * height)
                self.cell(None, height, line)
        self.set_xy(at[0], at[1] + len(lines) * height)

    def broken(self, text: str, width: float, *, size: float, style: str = "") -> list[str]:
        """Return the text as the lines that fit into this width."""
        self.set_font(FAMILY, style, size)
        words = text.split(" ")
        widths = [self._word_width(word, size, style) for word in words]
        if max(widths) > width or "\n" in text:
            # A word must be torn apart: rare, and many times slower than what follows.
            torn = self.multi_cell(width, 1, text, align="L", dry_run=True, output="LINES")
            return cast("list[str]", torn)
        blank = self._word_width(" ", size, style)
        lines: list[list[str]] = [[]]
        left = width
        for word, needed in zip(words, widths, strict=True):
            if lines[-1] and left < blank + needed:
                lines.append([])
                left = width
            left -= needed + (blank if lines[-1] else 0)
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def _word_width(self, word: str, size: float, style: str) -> float:
        """Return a word's width in the font that is set; each word is measured once."""
        known = self._widths.get((word, style))
        if known is None:
            known = self._widths[word, style] = self.get_string_width(word) / size
        return known * size

    def flow(
        self,
        text: str,
        *,
        size: float,
        style: str = "",
        tag: Tag = "P",
        indent: float = 0,
    ) -> None:
        """Write a paragraph from the pen down, on a new page where it no longer fits."""
        lines = self.broken(text, WIDTH - indent, size=size, style=style)
        height = size * LEADING * MM_PER_POINT
        self.make_room(height * len(lines))
        with self.tagged(tag):
            for line in _spoken(lines):
                self.set_x(LEFT + indent)
                self.cell(None, height, line)
                self.set_y(self.get_y() + height)

    def make_room(self, height: float) -> None:
        """Go on to a new page if less than this is left, unless the page is still empty."""
        if self.get_y() + height > BOTTOM and self._marks:
            self.start_page()

    def skip(self, millimetres: float) -> None:
        """Leave a gap."""
        self.set_y(self.get_y() + millimetres)

    def qr(self, text: str, at: tuple[float, float], size: float, alternative: str) -> None:
        """Draw a QR code, its quiet zone included in `size`, with its upper left corner at (x, y).

        Source: ISO/IEC 18004, quiet zone of four modules; error correction level M.
        """
        rows = _modules(text)
        module = size / (len(rows) + 8)
        self.set_fill_color(0)
        with self.tagged("Figure", alternative):
            for y, row in enumerate(rows):
                for start, end in _runs(row):
                    left = at[0] + (start + 4) * module
                    top = at[1] + (y + 4) * module
                    self.rect(left, top, (end - start) * module, module, style="F")

    def address_field(self, return_line: str, lines: Sequence[str]) -> None:
        """Write the return line and the address where a window envelope shows them.

        Source: DIN 5008:2020 form B, field of 85 mm from 20 mm on, address zone below 62.7 mm.
        """
        size = 7.5
        while self.width_of(return_line, size) > WINDOW_WIDTH and size > SMALLEST:
            size -= 0.5
        self.put(return_line, (LEFT, WINDOW_TOP - 5), size=size)
        self.rule((LEFT, WINDOW_TOP - 1.2), (LEFT + WINDOW_WIDTH, WINDOW_TOP - 1.2), width=0.1)
        fitting = [
            part for line in lines for part in self.broken(line, WINDOW_WIDTH, size=WINDOW_TEXT)
        ]
        self.put_lines(fitting[:MOST_ADDRESS_LINES], (LEFT, WINDOW_TOP), size=WINDOW_TEXT)

    def width_of(self, text: str, size: float, style: str = "") -> float:
        """Return how wide a text is."""
        self.set_font(FAMILY, style, size)
        return float(self.get_string_width(text))

    def rule(
        self, start: tuple[float, float], end: tuple[float, float], *, width: float = 0.2
    ) -> None:
        """Draw a line that means nothing."""
        with self.decoration():
            self.set_line_width(width)
            self.line(*start, *end)


@lru_cache(maxsize=8)
def _modules(text: str) -> tuple[bytes, ...]:
    """Return the rows of a QR code; a letter and its reply sheet show the same one."""
    return tuple(bytes(row) for row in segno.make(text, error="m", micro=False).matrix)


def _spoken(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with the blank that a screen reader needs between two of them."""
    for number, line in enumerate(lines, start=1):
        yield line if number == len(lines) else f"{line} "


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Yield where dark modules start and end, so that neighbours become one rectangle."""
    start = None
    for index, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = index
        elif not dark and start is not None:
            yield start, index
            start = None
