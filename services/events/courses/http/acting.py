"""Opens the transactions in which staff do something about courses: written down, or only tried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import msgspec

from services.events.courses.store import runs
from services.events.settings import Settings
from services.events.site import Site
from shared import audit
from shared.auth import Role
from shared.database import Connection, transaction
from shared.errors import Refused
from shared.web.access import staff
from shared.web.forms import Form, Value
from shared.web.request import Request

EDITS: Final = staff(Role.EDITOR)
"""`opt=` of the routes of those who look after courses."""
LIST: Final = "/konsole/kurse"
RUNS: Final = f"{LIST}/durchgaenge"
ONE_COURSE: Final = f"{LIST}/{{course_id:uuid}}"
ONE_RUN: Final = f"{RUNS}/{{course_run_id:uuid}}"
UNPROCESSABLE: Final = 422


class Deed(msgspec.Struct, frozen=True):
    """What a command needs from the edge."""

    transaction: Connection
    site: Site
    now: datetime
    """PostgreSQL's clock."""

    async def note(self, request: Request, action: str, concerns: str) -> None:
        """Write down what the member of staff has done, in the same transaction.

        Args:
            request: whose it is.
            action: name of the command.
            concerns: noun and id, such as `course_run:01900000-…`.
        """
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
        yield Deed(opened, settings.site, await runs.clock(opened))


@asynccontextmanager
async def trying(request: Request) -> AsyncIterator[Deed]:
    """Open a transaction that is rolled back, to see whether something would be refused."""
    settings: Settings = request.app.state.settings
    async with request.pool.acquire() as connection:
        attempt = connection.transaction()
        await attempt.start()
        try:
            yield Deed(connection, settings.site, await runs.clock(connection))
        finally:
            await attempt.rollback()


def put_beside(form: Form[Value], refusal: Refused) -> None:
    """Show a refusal beside its field; the end of registration is typed as a day first."""
    field = refusal.field or ""
    form.errors["closes_on" if field == "closes_at" else field] = refusal.sentence
