"""Opens the transactions in which editors do something, and writes down who did."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.events.settings import Settings
from services.events.site import Site
from shared import audit
from shared.auth import Role
from shared.database import Connection, transaction
from shared.web.access import staff
from shared.web.request import Request

EDITS: Final = staff(Role.EDITOR)
"""`opt=` of the editors' routes."""
SEES_PARTNERS: Final = staff(Role.EDITOR, Role.ADMIN)
LIST: Final = "/konsole/termine"
UNPROCESSABLE: Final = 422


class Deed(msgspec.Struct, frozen=True):
    """What a command needs from the edge."""

    transaction: Connection
    site: Site
    now: datetime

    async def note(self, request: Request, action: str, calendar_event_id: UUID) -> None:
        """Write down what the editor has done with an event, in the same transaction."""
        await self.note_about(request, action, f"calendar_event:{calendar_event_id}")

    async def note_about(self, request: Request, action: str, concerns: str) -> None:
        """Write down what the editor has done with something, such as `place:<id>`."""
        await audit.note(
            self.transaction,
            actor=request.signed_in.subject,
            action=action,
            concerns=concerns,
        )


@asynccontextmanager
async def acting(request: Request) -> AsyncIterator[Deed]:
    """Open a transaction; it is committed when the block has ended."""
    settings: Settings = request.app.state.settings
    async with transaction(request.pool) as opened:
        yield Deed(opened, settings.site, datetime.now(UTC))
