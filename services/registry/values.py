"""Reads single cells: text to value, or the reason why it is none, in words for a clerk."""

import unicodedata
from datetime import date
from decimal import Decimal
from re import ASCII
from re import compile as pattern
from typing import Final

from shared.errors import Malformed
from shared.text import clean

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100
MOST_HOURS: Final = Decimal(100)
MOST_MAILBOX: Final = 64
"""Characters before the @. Source: RFC 5321 4.5.3.1.1."""
STRIPPED_POSTAL_CODE: Final = 4
"""Digits that are left of five when a spreadsheet drops the leading zero."""

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_MOJIBAKE: Final = pattern(
    "[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]|\ufffd|(?<=\\w)[„”](?=\\w)"
)
_LOST: Final = pattern(r"\w\?\w")
"""What is left of a name such as Małgorzata in an encoding without its letter."""
_GERMAN_DATE: Final = pattern(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?: 0{1,2}:00(?::00)?)?", ASCII)
_ISO_DATE: Final = pattern(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?", ASCII)
_SHORT_YEAR: Final = pattern(r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}", ASCII)
_DAYS_COUNTED: Final = pattern(r"\d{5}", ASCII)
_ONLY_YEAR: Final = pattern(r"(?:\d{1,2}[./])?\d{4}", ASCII)
_NUMBER: Final = pattern(r"(\d{1,4})(?:[.,](\d{1,2}))?(?:\s?(?:h|std\.?|stunden))?", ASCII)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS: Final = pattern(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_POSTAL_CODE: Final = pattern(r"(?:D[- ])?(\d{5})", ASCII)
_SOURCE_NUMBER: Final = pattern(r"[^\W_](?:[\w ./-]*[^\W_])?", ASCII)


class Unreadable(Exception):
    """A cell does not hold what its column should; the message is the reason in German."""


def read_text(cell: str) -> str:
    """Return the cell's text on one line, without blanks around it and invisible characters.

    Raises:
        Unreadable: control characters, or letters that an earlier export has broken.
    """
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split()) if "  " in cell else cell.strip()
    try:
        text = clean(cell.translate(_INVISIBLE))
    except Malformed as error:
        raise Unreadable(error.sentence) from error
    if found := _MOJIBAKE.search(text):
        raise Unreadable(
            f"Die Umlaute wurden bei einem früheren Export beschädigt („{found[0]}“)."
            " Bitte exportieren Sie die Liste noch einmal als „CSV UTF-8“."
        )
    return " ".join(text.split())


def read_name(cell: str) -> str:
    """Return a name: text in which at least one letter stands.

    Raises:
        Unreadable: no letter at all, or a question mark within a word.
    """
    text = read_text(cell)
    if _LOST.search(text):
        raise Unreadable(
            "Beim Export ging ein Buchstabe verloren. Bitte als „CSV UTF-8“ speichern."
        )
    if text and not any(unicodedata.category(sign).startswith("L") for sign in text):
        raise Unreadable("Hier steht kein einziger Buchstabe.")
    return text


def read_source_number(cell: str) -> str:
    """Return a number of the source, such as `P-00017`; letter case and leading zeros count.

    Raises:
        Unreadable: other characters than letters, digits, blank, dot, dash, slash, underscore.
    """
    text = read_text(cell)
    if text and not _SOURCE_NUMBER.fullmatch(text):
        raise Unreadable("Erlaubt sind Buchstaben, Ziffern und dazwischen . - / _")
    return text


def read_postal_code(cell: str) -> str:
    """Return a German postal code of five digits, or nothing.

    Raises:
        Unreadable: anything else, such as four digits because a leading zero was lost.
    """
    text = read_text(cell)
    found = _POSTAL_CODE.fullmatch(text)
    if found and not found[1].startswith("00"):
        return found[1]
    if not text:
        return ""
    if text.isascii() and text.isdigit() and len(text) == STRIPPED_POSTAL_CODE:
        raise Unreadable(f"Die Postleitzahl hat vier Ziffern. Fehlt die führende Null (0{text})?")
    raise Unreadable("Eine Postleitzahl hat fünf Ziffern.")


def read_email(cell: str) -> str | None:
    """Return one e-mail address with its domain in lower case, or None for an empty cell.

    Raises:
        Unreadable: several addresses, characters outside ASCII, or not of the form of an address.
    """
    text = read_text(cell).removeprefix("mailto:")
    if not text:
        return None
    if text.count("@") > 1:
        raise Unreadable("Hier stehen mehrere E-Mail-Adressen. Bitte nennen Sie nur eine.")
    if not text.isascii():
        raise Unreadable(
            "E-Mail-Adressen dürfen keine Umlaute oder andere Sonderzeichen enthalten."
        )
    mailbox, _, domain = text.rpartition("@")
    if len(mailbox) <= MOST_MAILBOX and _ADDRESS.fullmatch(f"{mailbox}@{domain.lower()}"):
        return f"{mailbox}@{domain.lower()}"
    raise Unreadable("Das ist keine vollständige E-Mail-Adresse (name@anbieter.de).")


def read_date(cell: str) -> date | None:
    """Return a day between 1900 and 2100 written 31.12.2024 or 2024-12-31, or None if empty.

    Raises:
        Unreadable: a year of two digits, a bare year, a day that the calendar does not have.
    """
    text = read_text(cell)
    if not text:
        return None
    if found := _GERMAN_DATE.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise Unreadable(_why_no_date(text))
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Unreadable(f"Das Jahr {year} liegt nicht zwischen {EARLIEST_YEAR} und {LATEST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable("Diesen Tag gibt es im Kalender nicht.") from error


def read_hours(cell: str) -> Decimal | None:
    """Return hours a week, with two decimals, from text such as 3,5; None for an empty cell.

    Raises:
        Unreadable: not a number, not more than 0 or more than 100.
    """
    text = read_text(cell).lower()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if not found:
        raise Unreadable("Das ist keine Zahl. Bitte schreiben Sie zum Beispiel 3 oder 3,5.")
    hours = Decimal(f"{found[1]}.{found[2] or '':0<2}")
    if not 0 < hours <= MOST_HOURS:
        raise Unreadable(f"Die Stunden pro Woche müssen über 0 und höchstens {MOST_HOURS} sein.")
    return hours


def _why_no_date(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "Bitte schreiben Sie das Jahr mit vier Ziffern (31.12.2024)."
    if _ONLY_YEAR.fullmatch(text):
        return "Bitte nennen Sie Tag, Monat und Jahr (31.12.2024)."
    if _DAYS_COUNTED.fullmatch(text):
        return (
            "Das ist Excels interne Zählung. Bitte stellen Sie die Spalte auf das Format „Datum“."
        )
    return "Das ist kein Datum. Bitte schreiben Sie es als 31.12.2024."


def written(value: object) -> str:
    """Return a value as German people write it; nothing for None."""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return "" if value is None else str(value)
