"""Opens the transactions in which staff do something: written down, or only tried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from services.recognition.honouring.planning import PlanUnsound
from shared import audit
from shared.auth import Role
from shared.database import Connection, transaction
from shared.errors import Refused
from shared.web.access import staff
from shared.web.forms import Form, Value
from shared.web.request import Request

SEES = staff(Role.FOUNDATION, Role.PROTOCOL)
"""`opt=` of routes that show how an event stands."""
PLANS = staff(Role.FOUNDATION)
"""`opt=` of routes that change something about an event."""


@asynccontextmanager
async def acting(
    request: Request, action: str, honouring_event_id: UUID
) -> AsyncIterator[Connection]:
    """Open a transaction in which the member of staff does something, and write that down."""
    async with transaction(request.pool) as opened:
        yield opened
        await note(opened, request, action, honouring_event_id)


@asynccontextmanager
async def trying(request: Request) -> AsyncIterator[Connection]:
    """Open a transaction that is rolled back, to see whether something would be refused."""
    async with request.pool.acquire() as connection:
        attempt = connection.transaction()
        await attempt.start()
        try:
            yield connection
        finally:
            await attempt.rollback()


async def note(opened: Connection, request: Request, action: str, honouring_event_id: UUID) -> None:
    """Write down what the member of staff does to an honouring event."""
    await audit.note(
        opened,
        actor=request.signed_in.subject,
        action=action,
        concerns=f"honouring_event:{honouring_event_id}",
    )


def put_beside(form: Form[Value], refusal: Refused) -> None:
    """Put a refusal beside the fields that it names, all of them where it knows several."""
    if isinstance(refusal, PlanUnsound):
        form.errors.update(refusal.problems)
    else:
        form.refuse(refusal)
