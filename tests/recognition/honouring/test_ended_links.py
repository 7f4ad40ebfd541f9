"""Links that have ended long ago are forgotten, and no other."""

from datetime import timedelta

from services.recognition.honouring.store import events, links
from services.recognition.honouring.store.links import KEPT_DAYS, Secret
from shared.database import Connection
from tests.recognition.honouring.guests import guests


async def test_links_that_ended_long_ago_are_forgotten_some_at_a_time(
    transaction: Connection,
) -> None:
    _, (guest,) = await guests(transaction, 1)
    now = await events.clock(transaction)
    ends = [now - timedelta(days=days) for days in (KEPT_DAYS + 2, KEPT_DAYS + 1, 1, -1)]
    await links.keep(
        transaction,
        [Secret(guest, "invitation", bytes([number] * 32), at) for number, at in enumerate(ends)],
    )

    forgotten = [await links.forget_ended(transaction, 1) for _ in range(3)]

    kept = await transaction.fetch(
        "select token_hash from capability_link where invitation_id = $1 order by 1", guest
    )
    assert forgotten == [1, 1, 0]
    assert [row["token_hash"][0] for row in kept] == [2, 3]
