"""The operator takes a partner system in: from now on its stream is read."""

import re
from typing import Final

import msgspec

from services.events.ingest.model import Partner
from services.events.store import partners
from shared.database import Connection
from shared.errors import Malformed

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


class RegisterPartner(msgspec.Struct, frozen=True):
    """Who the partner is and by which account its messages are known."""

    name: str
    """Lower-case letters, digits and hyphens: it names the stream."""
    title: str
    """What people read, such as `Stadttheater Beispielstadt`."""
    account_key: str
    """Public key of the partner's NATS account."""


async def register_partner(transaction: Connection, command: RegisterPartner) -> Partner:
    """Register a partner, or give a known one another title or account.

    Raises:
        Malformed: the name cannot name a stream, or the key is no account's key.
    """
    if not _NAME.fullmatch(command.name):
        raise Malformed("Der Name besteht aus Kleinbuchstaben, Ziffern und Bindestrichen.", "name")
    if not command.account_key.startswith("A") or not command.account_key.isalnum():
        raise Malformed("Das ist kein öffentlicher Schlüssel eines Kontos.", "account_key")
    title = command.title.strip() or command.name
    return await partners.save_partner(transaction, command.name, title, command.account_key)
