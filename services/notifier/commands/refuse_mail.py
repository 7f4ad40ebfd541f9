"""Note that the mail server has not taken a mail, and decide whether it is tried again."""

from typing import Literal

import msgspec

from services.notifier.retrying import next_try
from services.notifier.store import claims
from services.notifier.store.claims import Claimed
from shared import outbox
from shared.contracts.notifier import MessageFailed
from shared.database import Connection


class RefuseMail(msgspec.Struct, frozen=True, kw_only=True):
    """Which mail, and what the server said; 0 is a broken connection or our own refusal."""

    claimed: Claimed
    retry: Literal["quick", "slow", "never"]
    smtp_code: int
    reason: str
    possible_duplicate: bool = False
    """The connection broke after the content was on its way: it may have been taken."""


async def refuse_mail(transaction: Connection, command: RefuseMail) -> None:
    """Have the mail tried again later, or give it up and say so; somebody should call then."""
    claimed = command.claimed
    refusal = (command.smtp_code, command.reason)
    if command.retry != "never":
        now = await claims.clock(transaction)
        since = claimed.first_tried_at or now
        due = next_try(claimed.message_id, command.retry, claimed.attempts + 1, since, now)
        if due is not None:
            await claims.postpone(
                transaction, claimed, due, refusal, possible_duplicate=command.possible_duplicate
            )
            return
    attempts = await claims.give_up(
        transaction, claimed, refusal, possible_duplicate=command.possible_duplicate
    )
    if attempts is None:
        return
    await outbox.record(
        transaction,
        MessageFailed(
            message_id=claimed.message_id,
            version=attempts,
            purpose=claimed.purpose,
            concerns_id=claimed.concerns_id,
            smtp_code=command.smtp_code,
        ),
    )
