"""Open a session for somebody whom the provider vouches for."""

from uuid import UUID

import msgspec

from services.registry.sign_in import store
from services.registry.sign_in.model import Identity, NoRole, Session, roles_of
from shared import audit
from shared.database import Connection


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """An identity that was checked, and the browser that it came with."""

    identity: Identity
    group_prefix: str
    key: UUID
    """Of the new secret in the browser's cookie."""
    browser: str


async def open_session(transaction: Connection, command: OpenSession) -> Session:
    """Open the session.

    Raises:
        NoRole: no group gives a role here.
    """
    identity = command.identity
    roles = sorted(roles_of(identity.groups, command.group_prefix))
    if not roles:
        raise NoRole(identity.name)
    session = await store.open_session(
        transaction, command.key, (identity.subject, identity.name), roles, command.browser
    )
    await audit.note(
        transaction,
        actor=identity.subject,
        action="open_session",
        concerns=f"staff_session:{session.session_id}",
        details={"roles": roles},
    )
    return session
