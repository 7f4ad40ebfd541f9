"""Carries a sentence from a change to the page that is shown after it."""

import base64
import hashlib
import hmac
from typing import Final

from shared.web import cookies
from shared.web.request import Request

SECONDS: Final = 60
_MAC_BYTES: Final = 16
_MOST_BYTES: Final = 1_500


def leave_message(request: Request, sentence: str) -> None:
    """Have the next page say a sentence, once; nobody but this browser's holder can plant one.

    A visitor without a cookie of ours gets no message: say it on the page itself.
    """
    secret = request.held_secret
    if not secret:
        return
    said = sentence.encode()[:_MOST_BYTES]
    sealed = base64.urlsafe_b64encode(_mac(secret, said) + said).decode()
    cookies.set_cookie(request.scope, cookies.MESSAGE, sealed, SECONDS)


def take_message(request: Request) -> str:
    """Return the sentence that was left, and forget it; empty if there is none or it is forged."""
    sealed = request.cookies.get(cookies.MESSAGE)
    if not sealed:
        return ""
    cookies.clear_cookie(request.scope, cookies.MESSAGE)
    secret = request.held_secret
    try:
        data = base64.urlsafe_b64decode(sealed.encode())
    except ValueError:
        return ""
    sent_mac, said = data[:_MAC_BYTES], data[_MAC_BYTES:]
    if not secret or not hmac.compare_digest(_mac(secret, said), sent_mac):
        return ""
    return said.decode(errors="ignore")


def _mac(secret: str, said: bytes) -> bytes:
    key = hashlib.sha256(b"message" + secret.encode()).digest()
    return hmac.digest(key, said, "sha256")[:_MAC_BYTES]
