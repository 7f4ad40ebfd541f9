"""Signs the tokens of live sessions, for registry itself and for whoever asks over NATS."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.sign_in import store
from services.registry.sign_in.model import ABSOLUTE, IDLE, Session, now
from services.registry.sign_in.settings import SignInSettings
from shared.auth import TokenSigner
from shared.contracts.registry import StaffTokenDetails
from shared.database import Pool, transaction


class Tokens:
    """Renews what a browser's session is good for."""

    def __init__(self, settings: SignInSettings, pool: Pool) -> None:
        self._signer = TokenSigner(settings.staff_token_private_key, settings.public_url)
        self._pool = pool

    def sign(self, session: Session) -> str:
        """Return a token for a session that is known to be alive."""
        return self._signer.sign(session.member(now()))

    async def renew_all(self, keys: Sequence[UUID]) -> list[StaffTokenDetails]:
        """Return a fresh token for each live session with one of these keys, and mark it seen."""
        at = now()
        async with transaction(self._pool) as opened:
            alive = await store.touch_sessions(opened, keys, at - IDLE, at - ABSOLUTE)
        return [
            StaffTokenDetails(session_id=session.session_id, token=self.sign(session))
            for session in alive
        ]

    async def renew(self, key: UUID) -> str | None:
        """Return a fresh token for the session with this key; None if it is not alive."""
        found = await self.renew_all([key])
        return found[0].token if found else None
