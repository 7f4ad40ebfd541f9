"""Turns what was typed into one field into a value, or into a German sentence about it."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from litestar.datastructures import UploadFile
from msgspec import inspect

from shared.german import ZONE, german_number
from shared.text import UnreadableText, clean

INT32: Final = 2**31 - 1
"""Where a number has no bounds of its own, it must fit PostgreSQL's integer."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of the days that people type; a year's end is never so late that no day comes after it."""
_INTEGER: Final = re.compile(r"[+-]?(\d{1,3}(\.\d{3}){1,5}|\d{1,18})", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d{1,3}(\.\d{3}){1,3}|\d{1,12})(,\d{1,6})?", re.ASCII)
_GERMAN_DAY: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?:\s?Uhr)?", re.ASCII)
_EMAIL: Final = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\".]+(\.[^\s@,;<>\".]+)+")
MOST_EMAIL_CHARACTERS: Final = 254
LOST: Final = "\ufffd"
"""What stands where a letter was no UTF-8, on its way to us or in what somebody copies."""

MISSING: Final = "Bitte füllen Sie dieses Feld aus."
UNCHOSEN: Final = "Bitte wählen Sie etwas aus."


class Wrong(Exception):
    """A field's content does not fit; the argument is the sentence for the person."""


def is_empty(sent: Sequence[Any]) -> bool:
    """Whether nothing was typed, ticked or attached."""
    return all(
        not one.filename if isinstance(one, UploadFile) else not str(one).strip() for one in sent
    )


def missing(kind: inspect.Type) -> str:
    """Return what is said when a required field of this type is empty."""
    return UNCHOSEN if isinstance(kind, _CHOSEN) else MISSING


def read_field(kind: inspect.Type, sent: Sequence[Any]) -> Any:
    """Return the value of a field that is not empty.

    Raises:
        Wrong: with the sentence for the person.
        TypeError: forms cannot carry this type.
    """
    for types, read in _READERS:
        if isinstance(kind, types):
            return read(kind, sent)
    raise TypeError(f"a form cannot carry {kind}")


def read_text(kind: Any, sent: Sequence[Any]) -> str:
    """Return cleaned text without blanks around it."""
    try:
        text = clean(str(sent[0])).strip()
    except UnreadableText as refusal:
        raise Wrong(refusal.sentence) from refusal
    if LOST in text:
        raise Wrong(f"Ein Zeichen ist unterwegs verloren gegangen ({LOST}). Bitte ersetzen Sie es.")
    if kind.max_length is not None and len(text) > kind.max_length:
        raise Wrong(f"Bitte höchstens {kind.max_length} Zeichen; es sind {len(text)}.")
    if kind.min_length is not None and len(text) < kind.min_length:
        raise Wrong(f"Bitte mindestens {kind.min_length} Zeichen.")
    if kind.pattern is not None and not re.search(kind.pattern, text):
        raise Wrong("Bitte prüfen Sie die Schreibweise.")
    return text


def read_email(sent: Sequence[Any]) -> str:
    """Return an address that a mail could be sent to. Source: RFC 5321 4.5.3.1 for the lengths."""
    text = str(sent[0]).strip()
    if len(text) > MOST_EMAIL_CHARACTERS or not _EMAIL.fullmatch(text):
        raise Wrong("Bitte eine vollständige E-Mail-Adresse, zum Beispiel name@example.de.")
    return _text(sent)


def read_day(sent: Sequence[Any]) -> date:
    """Return a day written as TT.MM.JJJJ or JJJJ-MM-TT."""
    text = _text(sent)
    if found := _GERMAN_DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise Wrong("Bitte ein Datum als TT.MM.JJJJ, zum Beispiel 07.02.2026.")
    try:
        read = date(year, month, day)
    except ValueError as error:
        raise Wrong(f"Den Tag {text} gibt es nicht.") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Wrong(f"Bitte ein Jahr zwischen {FIRST_YEAR} und {LAST_YEAR}.")
    return read


def read_clock(sent: Sequence[Any]) -> time:
    """Return a time of day written as 19:30, with seconds or `Uhr` if somebody likes."""
    found = _CLOCK.fullmatch(_text(sent))
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
    try:
        return time(hours, minutes, seconds)
    except ValueError as error:
        raise Wrong("Bitte eine Uhrzeit wie 19:30.") from error


def _read_moment(kind: Any, sent: Sequence[Any]) -> datetime:
    day, _, clock = _text(sent).replace(", ", " ").replace("T", " ").partition(" ")
    wall = datetime.combine(read_day([day]), read_clock([clock]))
    if kind.tz is not True:
        return wall
    instant = wall.replace(tzinfo=ZONE)
    if datetime.fromtimestamp(instant.timestamp(), ZONE).replace(tzinfo=None) != wall:
        raise Wrong("Diese Uhrzeit gibt es an diesem Tag nicht (Beginn der Sommerzeit).")
    return instant


def _read_integer(kind: Any, sent: Sequence[Any]) -> int:
    text = _text(sent)
    if not _INTEGER.fullmatch(text):
        raise Wrong("Bitte eine ganze Zahl, zum Beispiel 12.")
    value = int(text.replace(".", ""))
    low = kind.ge if kind.ge is not None else -INT32 if kind.gt is None else kind.gt + 1
    high = kind.le if kind.le is not None else INT32 if kind.lt is None else kind.lt - 1
    return _within(value, low, high)


def _read_decimal(_kind: Any, sent: Sequence[Any]) -> Decimal:
    text = _text(sent)
    if not _DECIMAL.fullmatch(text):
        raise Wrong("Bitte eine Zahl, zum Beispiel 12,50.")
    return Decimal(text.replace(".", "").replace(",", "."))


def _within(value: int, low: int, high: int) -> int:
    if low <= value <= high:
        return value
    if low == -INT32:
        raise Wrong(f"Bitte eine Zahl bis höchstens {german_number(high)}.")
    if high == INT32:
        raise Wrong(f"Bitte eine Zahl ab {german_number(low)}.")
    raise Wrong(f"Bitte eine Zahl von {german_number(low)} bis {german_number(high)}.")


def _read_flag(_kind: Any, sent: Sequence[Any]) -> bool:
    return str(sent[-1]).strip().lower() not in {"", "0", "false", "nein", "off"}


def _read_id(_kind: Any, sent: Sequence[Any]) -> UUID:
    try:
        return UUID(_text(sent))
    except ValueError as error:
        raise Wrong("Diese Auswahl gibt es nicht.") from error


def _read_choice(kind: Any, sent: Sequence[Any]) -> Any:
    choices = [one.value for one in kind.cls] if hasattr(kind, "cls") else list(kind.values)
    for choice in choices:
        if str(choice) == _text(sent):
            return kind.cls(choice) if hasattr(kind, "cls") else choice
    raise Wrong("Diese Auswahl gibt es nicht.")


def _read_many(kind: Any, sent: Sequence[Any]) -> Any:
    values = [read_field(kind.item_type, [one]) for one in sent if not is_empty([one])]
    if kind.min_length is not None and len(values) < kind.min_length:
        raise Wrong(f"Bitte wählen Sie mindestens {kind.min_length} aus.")
    if kind.max_length is not None and len(values) > kind.max_length:
        raise Wrong(f"Bitte wählen Sie höchstens {kind.max_length} aus.")
    return _COLLECTIONS[type(kind)](values)


def _read_optional(kind: Any, sent: Sequence[Any]) -> Any:
    inner = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    return read_field(inner[0], sent)


def _read_annotated(kind: Any, sent: Sequence[Any]) -> Any:
    if (kind.extra or {}).get("form") == "email":
        return read_email(sent)
    return read_field(kind.type, sent)


def _read_file(_kind: Any, sent: Sequence[Any]) -> UploadFile:
    if not isinstance(sent[0], UploadFile):
        raise Wrong("Bitte wählen Sie eine Datei aus.")
    return sent[0]


def _text(sent: Sequence[Any]) -> str:
    return read_text(inspect.StrType(), sent)


_COLLECTIONS: Final[dict[type[inspect.Type], Callable[[list[Any]], Any]]] = {
    inspect.ListType: list,
    inspect.VarTupleType: tuple,
    inspect.SetType: set,
    inspect.FrozenSetType: frozenset,
}
_CHOSEN: Final[tuple[type[inspect.Type], ...]] = (
    inspect.LiteralType,
    inspect.EnumType,
    *_COLLECTIONS,
)
_READERS: Final[tuple[tuple[Any, Callable[[Any, Sequence[Any]], Any]], ...]] = (
    (inspect.Metadata, _read_annotated),
    (inspect.StrType, read_text),
    (inspect.IntType, _read_integer),
    (inspect.DecimalType, _read_decimal),
    (inspect.BoolType, _read_flag),
    (inspect.DateType, lambda _kind, sent: read_day(sent)),
    (inspect.TimeType, lambda _kind, sent: read_clock(sent)),
    (inspect.DateTimeType, _read_moment),
    (inspect.UUIDType, _read_id),
    ((inspect.EnumType, inspect.LiteralType), _read_choice),
    (tuple(_COLLECTIONS), _read_many),
    (inspect.UnionType, _read_optional),
    (inspect.CustomType, _read_file),
)
