"""Makes the secrets that let a guest answer without an account, and says how long they hold."""

import hashlib
import secrets
from datetime import datetime, timedelta
from re import compile as pattern

from services.recognition.honouring.codes import as_printed, mint_code
from shared.errors import NotFound

TOKEN_BYTES = 24
"""192 random bits in a link."""

LETTER_CODE_SIZE = 12
"""Twelve characters of five bits: 60 random bits in a code that is typed from a letter."""

GRACE = timedelta(days=1)
"""How long a link shows the answer after its last use has passed, for those who look again."""

_TOKEN = pattern(r"[A-Za-z0-9_-]{32}")


class LinkUnknown(NotFound):
    """No invitation is opened by this: unknown, ended or revoked, and nobody learns which."""

    def __init__(self) -> None:
        super().__init__("Zu diesem Link oder Code finden wir keine Einladung.")


def mint_token() -> str:
    """Return a new secret for a link: 32 characters that need no escaping in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def mint_letter_code() -> str:
    """Return a new secret for a letter, in three groups such as `7KQM-4T2X-9HRD`."""
    return mint_code(LETTER_CODE_SIZE)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256, never the token.

    A plain hash is enough for 112 random bits and more. Source: OWASP ASVS 5.0, 6.5.2.

    Raises:
        LinkUnknown: it has not the form of a token, so that nothing needs to be looked up.
    """
    if not _TOKEN.fullmatch(token):
        raise LinkUnknown
    return hashlib.sha256(token.encode()).digest()


def letter_code_hash(typed: str) -> bytes:
    """Return what is stored of a letter code, from the code as somebody has typed it.

    Raises:
        LinkUnknown: it cannot be a letter code, even with the usual slips forgiven.
    """
    code = as_printed(typed, LETTER_CODE_SIZE)
    if code is None:
        raise LinkUnknown
    return hashlib.sha256(b"letter:" + code.encode()).digest()


def ends_at(state: str, answer_until: datetime, event_ends_at: datetime) -> datetime:
    """Return when an invitation's links stop working.

    A day after the event for guests who come or wait, because the links show their tickets and
    offers; a day after the answer was due for all others.
    """
    if state in {"accepted", "waitlisted", "offered"}:
        return event_ends_at + GRACE
    return min(answer_until, event_ends_at) + GRACE
