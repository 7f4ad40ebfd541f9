"""Makes and reads the links by which people turn bulk mails into letters, without a table."""

import base64
import binascii
import hashlib
import hmac
from typing import Final
from uuid import UUID

from shared.errors import NotFound

PATH: Final = "/api/notifier/v1/opt-out"
SIGNATURE_BYTES: Final = 16
_PURPOSE: Final = b"notifier mail opt-out v1:"


class LinkUnknown(NotFound):
    """The link was not made by us, or not completely copied."""

    def __init__(self) -> None:
        super().__init__("Dieser Link ist unvollständig. Bitte kopieren Sie ihn noch einmal ganz.")


def opt_out_token(key: str, person_id: UUID) -> str:
    """Return what stands in a person's link; it holds for ever, since stopping must always work."""
    signed = person_id.bytes + _signature(key, person_id)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def person_of(key: str, token: str) -> UUID:
    """Return whose link it is.

    Raises:
        LinkUnknown: it was not signed with our key.
    """
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        signed = base64.b64decode(padded, altchars=b"-_", validate=True)
        person_id = UUID(bytes=signed[:16])
    except (binascii.Error, ValueError) as error:
        raise LinkUnknown from error
    if not hmac.compare_digest(signed[16:], _signature(key, person_id)):
        raise LinkUnknown
    return person_id


def _signature(key: str, person_id: UUID) -> bytes:
    digest = hmac.digest(key.encode(), _PURPOSE + person_id.bytes, hashlib.sha256)
    return digest[:SIGNATURE_BYTES]
