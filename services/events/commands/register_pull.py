"""Somebody has a partner's calendar fetched from its own server."""

from typing import Final
from urllib.parse import urlsplit

import msgspec

from services.events.ingest.model import Partner
from services.events.store import pulls
from shared.database import Connection
from shared.errors import Malformed

FEWEST_MINUTES: Final = 15
MOST_MINUTES: Final = 1_440
MOST_CHARACTERS: Final = 2_000


class RegisterPull(msgspec.Struct, frozen=True):
    """Whose calendar, where it is, and how often it is looked at."""

    partner: Partner
    url: str
    every_minutes: int


async def register_pull(transaction: Connection, command: RegisterPull) -> None:
    """Have a calendar fetched from now on, instead of one that was fetched before.

    Raises:
        Malformed: the address is none of the web's, holds a password, or the pause makes no sense.
    """
    url = command.url.strip()
    # Subscriptions are handed out as webcal:, which means the same address.
    if url.lower().startswith("webcal://"):
        url = f"https://{url[len('webcal://') :]}"
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or len(url) > MOST_CHARACTERS or not url.isascii() or " " in url:
        raise Malformed("Bitte geben Sie eine Adresse an, die mit https:// beginnt.", "url")
    if parts.username or parts.password:
        raise Malformed("Bitte geben Sie eine Adresse ohne Namen und Kennwort an.", "url")
    if not FEWEST_MINUTES <= command.every_minutes <= MOST_MINUTES:
        raise Malformed("Abgeholt wird alle 15 Minuten bis einmal am Tag.", "every_minutes")
    await pulls.save_pull(transaction, command.partner.partner_id, url, command.every_minutes)
