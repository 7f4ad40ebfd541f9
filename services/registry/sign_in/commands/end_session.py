"""End a session: its person signs out, or somebody who may ends it."""

from uuid import UUID

import msgspec

from services.registry.sign_in import store
from services.registry.sign_in.model import now
from shared import audit, outbox
from shared.auth import TOKEN_LIFETIME
from shared.contracts.registry import StaffSessionEnded
from shared.database import Connection
from shared.ended_sessions import keep_ended_sessions


class EndSession(msgspec.Struct, frozen=True):
    """Which session, and whose doing it is."""

    session_id: UUID
    by: str
    """Subject of the member of staff."""


async def end_session(transaction: Connection, command: EndSession) -> None:
    """End the session and tell all services, so that its last token counts no more.

    A session that has ended before stays as it is.
    """
    session = await store.end_session(transaction, command.session_id)
    if session is None:
        return
    fact = StaffSessionEnded(
        session_id=session.session_id,
        version=session.version,
        forget_after=now() + TOKEN_LIFETIME,
    )
    await keep_ended_sessions(transaction, [fact])
    await outbox.record(transaction, fact)
    await audit.note(
        transaction,
        actor=command.by,
        action="end_session",
        concerns=f"staff_session:{session.session_id}",
    )
