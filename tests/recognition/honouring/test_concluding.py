"""A concert is concluded once it is over, and the page offers it only then."""

from shared.database import Pool, transaction
from tests.recognition.honouring import builders as a
from tests.visitor import Visitor

LIST = "/konsole/konzerte"


async def test_concluding_is_asked_about_only_once_the_concert_is_over(
    foundation: Visitor, pool: Pool
) -> None:
    async with transaction(pool) as opened:
        event_id, _ = await a.invited(opened, 2)
    path = f"{LIST}/{event_id}/abschliessen"

    early = await foundation.get(path)
    overview = await foundation.get(f"{LIST}/{event_id}")
    await pool.execute(
        """
        update honouring_event set
            starts_at = now()::timestamp - interval '2 days',
            doors_open_at = now()::timestamp - interval '49 hours',
            ends_at = now()::timestamp - interval '1 day'
        where honouring_event_id = $1
        """,
        event_id,
    )
    late = await foundation.get(path)
    done = await foundation.post(path, {})
    again = await foundation.get(path)

    assert early.status_code == 409
    assert "Das Konzert ist noch nicht vorbei." in early.text
    assert 'href="' + path not in overview.text
    assert late.status_code == 200
    assert done.status_code == 303
    assert again.status_code == 409
