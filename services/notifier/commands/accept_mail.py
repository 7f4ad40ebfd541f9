"""Note that the mail server has taken a mail over."""

from datetime import datetime

import msgspec

from services.notifier.store import claims, known
from services.notifier.store.claims import Claimed
from shared import outbox
from shared.contracts.notifier import MessageSent
from shared.database import Connection


class AcceptMail(msgspec.Struct, frozen=True, kw_only=True):
    """Which mail, and the code of the server's answer."""

    claimed: Claimed
    smtp_code: int
    remind_at: datetime | None = None
    """When the guest is to be reminded, should no answer come."""


async def accept_mail(transaction: Connection, command: AcceptMail) -> bool:
    """End the mail's way and say so; return False if the claim was lost or it was noted before."""
    accepted = await claims.accept(transaction, command.claimed, command.smtp_code)
    if accepted is None:
        return False
    attempts, accepted_at = accepted
    if command.remind_at is not None:
        reminder = (command.claimed.concerns_id, command.remind_at)
        await known.set_reminders(transaction, [reminder])
    await outbox.record(
        transaction,
        MessageSent(
            message_id=command.claimed.message_id,
            version=attempts,
            purpose=command.claimed.purpose,
            concerns_id=command.claimed.concerns_id,
            accepted_at=accepted_at,
        ),
    )
    return True
