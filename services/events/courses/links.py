"""Makes the secrets that let participants see and change their registration without an account."""

import secrets
from datetime import timedelta
from typing import Final

TOKEN_BYTES: Final = 24
"""192 random bits in a link."""
PAUSE: Final = timedelta(minutes=10)
"""How long an address gets no second link for the same run, whoever asks and however often."""
UNCONFIRMED_HOURS: Final = 24
"""How long an unconfirmed registration is kept."""
RETENTION_DAYS: Final = 90
"""How long after a run its participants' names, addresses and links are kept: within a quarter of
a year people ask for their certificate, and whoever paid for the course can check the list.
Source: GDPR Art. 5 (1) e; there is no statutory period for a free course."""


def mint_token() -> str:
    """Return a new secret for a link: 32 characters that need no escaping in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)
