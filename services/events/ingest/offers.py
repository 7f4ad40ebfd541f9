"""Reads what a schema.org/Event costs and where one gets in, and says the price in words."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from services.events.ingest import fields, limits
from services.events.ingest.reasons import ItemRefused

FIELD: Final = "offers"
FREE: Final = "Eintritt frei"
_AMOUNT: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?", re.ASCII)
_EURO: Final = frozenset({"", "EUR", "€"})


def price_of(given: Mapping[str, Any]) -> str:
    """Return the price in words, such as `9,50 Euro bis 24 Euro`; empty where none is told.

    A price that is no number counts as the words that it is.

    Raises:
        ItemRefused: too long, or with characters that deceive.
    """
    told = [pair for offer in _offers(given) for pair in _prices(offer)]
    words = [text for text, _ in told if not _AMOUNT.fullmatch(text)]
    if words:
        return fields.cleaned(words[0], f"{FIELD}.price")
    if not told:
        return FREE if given.get("isAccessibleForFree") is True else ""
    amounts = [Decimal(text.replace(",", ".")) for text, _ in told]
    unit = "Euro" if told[0][1].upper() in _EURO else told[0][1]
    least, most = (_written(amount, unit) for amount in (min(amounts), max(amounts)))
    return fields.cleaned(least if least == most else f"{least} bis {most}", FIELD)


def registration_of(given: Mapping[str, Any]) -> str:
    """Return the address of the first offer that has one, empty where none has.

    Raises:
        ItemRefused: it is no address that a browser may be sent to.
    """
    for offer in _offers(given):
        if url := offer.get("url"):
            if not isinstance(url, str):
                raise ItemRefused("text_expected", f"{FIELD}.url")
            return fields.link(url, f"{FIELD}.url")
    return ""


def _offers(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    value = given.get(FIELD)
    listed = value if isinstance(value, list) else [value]
    return [offer for offer in listed if isinstance(offer, dict)][: limits.JSON_DEPTH]


def _prices(offer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield amounts, or words, each with its currency.

    Source: schema.org/Offer, schema.org/AggregateOffer.
    """
    currency = offer.get("priceCurrency")
    for name in ("price", "lowPrice", "highPrice"):
        value = offer.get(name)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            text = str(value).strip()
            if text:
                yield text, currency if isinstance(currency, str) else ""


def _written(amount: Decimal, unit: str) -> str:
    if not amount:
        return "kostenlos"
    cents = f"{amount:.2f}".replace(".", ",").removesuffix(",00")
    return f"{cents} {unit}"
