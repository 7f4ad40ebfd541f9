"""The ledger says for a year what was sent, and nothing that still waits is ever dropped."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.notifier.store import forgetting
from services.notifier.store.forgetting import KEPT_DAYS
from shared.database import Connection


async def queued(transaction: Connection, state: str, days: int) -> None:
    """Enter a message of as many days ago, in an envelope if it is a letter."""
    channel = "letter" if state in {"posted", "in_batch"} else "mail"
    message_id = await transaction.fetchval(
        """
        insert into message (
            dedupe_key, purpose, invitation_id, invitation_version, honouring_event_id, is_bulk,
            channel, state, queued_at, accepted_at
        )
        values ($1, 'invitation', $2, 1, $2, true, $3, $4, now() - $5::interval, now())
        returning message_id
        """,
        str(uuid4()),
        uuid4(),
        channel,
        state,
        timedelta(days=days),
    )
    if channel == "letter":
        await transaction.execute(
            "insert into letter (message_id, letter_batch_id) values ($1, $2)",
            message_id,
            await closed_batch(transaction, days),
        )


async def closed_batch(transaction: Connection, days: int) -> object:
    """Enter a batch that was closed and printed as many days ago."""
    batch: object = await transaction.fetchval(
        """
        with batch as (
            insert into letter_batch (honouring_event_id, purpose, closed_at)
            values ($1, 'invitation', now() - $2::interval)
            returning letter_batch_id
        )
        insert into letter_print (letter_batch_id, requested_by, letters, state)
        select letter_batch_id, 'Marlene', 1, 'done' from batch
        returning letter_batch_id
        """,
        uuid4(),
        timedelta(days=days),
    )
    return batch


@pytest.mark.parametrize(
    ("state", "days"),
    [
        ("accepted", KEPT_DAYS - 1),
        ("posted", KEPT_DAYS - 1),
        ("queued", KEPT_DAYS + 1),
        ("retry", KEPT_DAYS + 1),
        ("in_batch", KEPT_DAYS + 1),
    ],
)
async def test_a_message_stays_for_a_year_and_as_long_as_it_waits(
    transaction: Connection, state: str, days: int
) -> None:
    await queued(transaction, state, days)

    assert await forgetting.forget_messages(transaction, 10) == 0
    assert await forgetting.forget_batches(transaction, 10) == 0


async def test_old_messages_go_with_their_letters_and_batches(transaction: Connection) -> None:
    for state in ("accepted", "failed", "posted"):
        await queued(transaction, state, KEPT_DAYS + 1)

    messages = [await forgetting.forget_messages(transaction, 2) for _ in range(3)]
    batches = [await forgetting.forget_batches(transaction, 2) for _ in range(2)]

    left = await transaction.fetchval(
        """
        select
            (select count(*) from message) + (select count(*) from letter)
            + (select count(*) from letter_batch) + (select count(*) from letter_print)
        """
    )
    assert (messages, batches, left) == ([2, 1, 0], [1, 0], 0)
