"""Forgets messages that went out, or never will, a year after they were due."""

from typing import Final

from shared.database import Connection

KEPT_DAYS: Final = 365
"""From the wave through the evening to its successor: by then nobody asks what was sent when."""


async def forget_messages(transaction: Connection, most: int) -> int:
    """Delete up to `most` old messages with their letters; return how many.

    What still waits to be sent, printed or posted stays, however old.
    """
    deleted: str = await transaction.execute(
        """
        with old as (
            select message_id from message
            where
                state in ('accepted', 'failed', 'withheld', 'cancelled', 'posted')
                and queued_at < now() - make_interval(days => $2)
            limit $1
            for update skip locked
        ),
        in_envelopes as (delete from letter using old where letter.message_id = old.message_id)
        delete from message using old where message.message_id = old.message_id
        """,
        most,
        KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])


async def forget_batches(transaction: Connection, most: int) -> int:
    """Delete up to `most` old batches that have no letters any more, with their prints."""
    deleted: str = await transaction.execute(
        """
        with old as (
            select letter_batch_id from letter_batch
            where
                closed_at < now() - make_interval(days => $2)
                and not exists (
                    select from letter where letter.letter_batch_id = letter_batch.letter_batch_id
                )
            limit $1
            for update skip locked
        ),
        prints as (
            delete from letter_print using old
            where letter_print.letter_batch_id = old.letter_batch_id
        )
        delete from letter_batch using old
        where letter_batch.letter_batch_id = old.letter_batch_id
        """,
        most,
        KEPT_DAYS,
    )
    return int(deleted.rsplit(maxsplit=1)[-1])
