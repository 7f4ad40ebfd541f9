"""Begin to sign in: remember what the provider's answer must fit."""

import msgspec

from services.registry.sign_in import store
from services.registry.sign_in.model import ATTEMPT, Attempt, attempt_hashes, now
from shared.database import Connection


class BeginSignIn(msgspec.Struct, frozen=True):
    """A browser sets out for the provider."""

    state: str
    """Goes to the provider and comes back."""
    browser_secret: str
    """Stays in this browser's cookie."""
    attempt: Attempt


async def begin_sign_in(transaction: Connection, command: BeginSignIn) -> None:
    """Keep the attempt for ten minutes, under hashes of its two secrets."""
    hashes = attempt_hashes(command.state, command.browser_secret)
    await store.begin_attempt(transaction, hashes, command.attempt, now() + ATTEMPT)
