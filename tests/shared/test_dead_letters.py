"""What could not be consumed waits for a person, for a year at most."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared import dead_letters
from shared.database import Connection
from shared.dead_letters import KEPT_DAYS, OPEN_DAYS, Undeliverable


async def buried(transaction: Connection, *, days: int, replayed: int | None = None) -> None:
    """Bury a letter as many days ago, replayed as many days ago."""
    fact_id = uuid4()
    await dead_letters.bury(
        transaction,
        Undeliverable(
            consumer="registry",
            fact_id=fact_id,
            subject="facts.registry.person_changed.v1",
            headers={},
            body=b"{}",
            reason="KeyError",
            deliveries=5,
        ),
    )
    await transaction.execute(
        """
        update dead_letter set buried_at = now() - $2::interval, replayed_at = now() - $3::interval
        where fact_id = $1
        """,
        fact_id,
        timedelta(days=days),
        None if replayed is None else timedelta(days=replayed),
    )


@pytest.mark.parametrize(
    ("days", "replayed"),
    [(OPEN_DAYS - 1, None), (KEPT_DAYS + 1, KEPT_DAYS - 1)],
)
async def test_a_letter_is_kept_as_long_as_somebody_may_ask_for_it(
    transaction: Connection, days: int, replayed: int | None
) -> None:
    await buried(transaction, days=days, replayed=replayed)

    assert await dead_letters.forget_old(transaction, 10) == 0


async def test_old_letters_are_forgotten_batch_by_batch(transaction: Connection) -> None:
    await buried(transaction, days=OPEN_DAYS + 1)
    await buried(transaction, days=KEPT_DAYS + 1, replayed=KEPT_DAYS + 1)
    await buried(transaction, days=1)

    forgotten = [await dead_letters.forget_old(transaction, 1) for _ in range(3)]

    assert forgotten == [1, 1, 0]
    assert len(await dead_letters.open_letters(transaction)) == 1


async def test_a_dismissed_letter_says_who_and_why_for_a_year(transaction: Connection) -> None:
    await buried(transaction, days=OPEN_DAYS + 5)
    (letter,) = await dead_letters.open_letters(transaction)
    dismiss = (letter.dead_letter_id, "operator:kim", "Der Partner hat sich vertan.")

    first = await dead_letters.dismiss_letter(transaction, *dismiss)
    second = await dead_letters.dismiss_letter(transaction, *dismiss)
    kept = await dead_letters.forget_old(transaction, 10)
    (found,) = await dead_letters.dismissed_letters(transaction)
    await transaction.execute(
        "update dead_letter set dismissed_at = now() - make_interval(days => $1)", OPEN_DAYS + 1
    )

    assert (first, second, kept) == (True, False, 0)
    assert (found.dismissed_by, found.dismissed_because) == dismiss[1:]
    assert await dead_letters.open_letters(transaction) == []
    assert await dead_letters.claim_letter(transaction, letter.dead_letter_id) is None
    assert await dead_letters.forget_old(transaction, 10) == 1
