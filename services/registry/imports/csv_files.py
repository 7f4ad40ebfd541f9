"""Reads the bytes of a CSV file as people's programs write them: encoding, separator, lines."""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from re import compile as pattern
from typing import Final, Literal, Protocol

import msgspec

from shared.errors import Refused

Encoding = Literal["utf-8", "utf-8-sig", "cp1252"]

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_LINE_BYTES: Final = 64 * 1024
MOST_LINES_OF_RECORD: Final = 50
"""More line breaks than this within one record mean a quotation mark that nobody closed."""
MOST_NULS: Final = 5
"""Among the first 20 bytes; in UTF-16 without its mark every second byte is NUL."""
SEPARATORS: Final = ";,\t"

_LINE: Final = pattern(rb"[^\r\n]+")
_UTF8_LETTER: Final = pattern(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_FOREIGN: Final = {
    b"PK\x03\x04": "eine Excel-Arbeitsmappe (.xlsx)",
    b"\xd0\xcf\x11\xe0": "eine alte Excel-Arbeitsmappe (.xls)",
    b"%PDF": "ein PDF",
    b"{\\rtf": "ein Textdokument (.rtf)",
}
_CHUNK: Final = 1 << 20


class FileRefused(Refused):
    """The file as a whole cannot be read; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)

    @property
    def field(self) -> str:
        """Return the name of the form's field."""
        return "file"


class Layout(msgspec.Struct, frozen=True):
    """How a file is written down."""

    encoding: Encoding
    separator: str


class Record(msgspec.Struct, frozen=True):
    """One record of a file, which may run over several lines if its cells have line breaks."""

    line: int
    """Where it begins, counted from 1, as an editor shows it."""
    cells: list[str]
    problem: str = ""
    """Why it could not be taken apart; then it has no cells."""
    is_cut_off: bool = False
    """The file ends within it or right behind it, without a line break."""


class Judging(Protocol):
    """Says how many columns would be recognised if a header had these cells."""

    def __call__(self, cells: list[str]) -> int:
        """Return the number of known columns."""


def find_encoding(data: bytes) -> Encoding:
    """Tell UTF-8, with or without a byte order mark, from Windows-1252.

    Raises:
        FileRefused: too large, empty, no text at all, or in no encoding that can be told.
    """
    _check_is_text(data)
    if data.startswith(codecs.BOM_UTF8):
        encoding: Encoding = "utf-8-sig"
    elif _first_unreadable(data, "utf-8") is None:
        return "utf-8"
    elif _UTF8_LETTER.search(data):
        encoding = "utf-8"
    else:
        encoding = "cp1252"
    if (line := _first_unreadable(data, encoding)) is not None:
        raise FileRefused(
            f"Zeile {line} enthält Zeichen, die weder UTF-8 noch Windows-1252 sind."
            " Bitte speichern Sie die Liste noch einmal als „CSV UTF-8“."
        )
    return encoding


def find_layout(data: bytes, judge: Judging) -> Layout:
    """Find encoding and separator; the separator is the one with which most columns are known.

    Raises:
        FileRefused: see find_encoding; or there is nothing but blank lines.
    """
    encoding = find_encoding(data)
    first = next(_lines(data, encoding), "")
    if first.strip().lower() in {f"sep={separator}" for separator in SEPARATORS}:
        return Layout(encoding, first.strip()[-1])
    separator = max(
        SEPARATORS, key=lambda each: _known_columns(data, Layout(encoding, each), judge)
    )
    return Layout(encoding, separator)


def records(data: bytes, layout: Layout) -> Iterator[Record]:
    """Yield the records in order, without blank ones; a damaged one does not harm the next.

    Quoted cells may hold separators, line breaks and doubled quotation marks. Source: RFC 4180.
    """
    lines = _Lines(_lines(data, layout.encoding))
    while True:
        record = _next_record(lines, layout.separator)
        if record is None:
            return
        if not _is_blank(record) and not _names_separator(record):
            yield record


def _is_blank(record: Record) -> bool:
    return not record.problem and not any(cell.strip() for cell in record.cells)


def _names_separator(record: Record) -> bool:
    """Tell a first line `sep=;`, by which Excel is told the separator."""
    return record.line == 1 and [cell.lower() for cell in record.cells] == ["sep=", ""]


def _check_is_text(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise FileRefused(
            f"Die Datei ist größer als {MOST_BYTES // 1024**2} MB. Bitte teilen Sie sie."
        )
    if not data.strip():
        raise FileRefused("Die Datei ist leer.")
    for beginning, name in _FOREIGN.items():
        if data.startswith(beginning):
            raise FileRefused(f"Das ist {name}. Bitte speichern Sie die Liste als „CSV UTF-8“.")
    if (
        data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        or data[:20].count(0) > MOST_NULS
    ):
        raise FileRefused("Die Datei ist in UTF-16. Bitte speichern Sie die Liste als „CSV UTF-8“.")
    for line in _LINE.finditer(data):
        if line.end() - line.start() > MOST_LINE_BYTES:
            number = _line_at(data, line.start())
            raise FileRefused(f"Zeile {number} ist länger als {MOST_LINE_BYTES // 1024} KB.")


def _first_unreadable(data: bytes, encoding: Encoding) -> int | None:
    """Return the first line that is not of this encoding, without decoding all of it at once."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(data), _CHUNK):
        chunk = data[start : start + _CHUNK]
        try:
            decoder.decode(chunk, final=start + _CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return _line_at(data, start + error.start)
    return None


def _line_at(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _lines(data: bytes, encoding: Encoding) -> Iterator[str]:
    """Yield the lines with their line breaks, which may be CRLF, LF or CR."""
    return iter(io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=""))


def _known_columns(data: bytes, layout: Layout, judge: Judging) -> int:
    header = next(records(data, layout), None)
    return judge(header.cells) if header else 0


class _Lines:
    """Hands out lines, remembers those of the current record, and can take them back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self._of_record: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._of_record) >= MOST_LINES_OF_RECORD:
            raise csv.Error("record too long")
        line = self._returned.popleft() if self._returned else next(self._lines)
        self._of_record.append(line)
        self.number += 1
        return line

    def begin_record(self) -> None:
        self._of_record = []

    def take_back_all_but_first(self) -> None:
        """Let the next record begin on the line after the one on which this one began."""
        again = self._of_record[1:]
        self._returned.extendleft(reversed(again))
        self.number -= len(again)

    @property
    def end_abruptly(self) -> bool:
        return bool(self._of_record) and not self._of_record[-1].endswith(("\n", "\r"))


def _next_record(lines: _Lines, separator: str) -> Record | None:
    lines.begin_record()
    line = lines.number + 1
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        cells = next(reader)
    except StopIteration:
        return None
    except csv.Error:
        lines.take_back_all_but_first()
        return Record(
            line,
            [],
            'Die Anführungszeichen stimmen nicht: Eine Zelle in "…" wird nicht richtig beendet.',
        )
    return Record(line, cells, is_cut_off=lines.end_abruptly)
