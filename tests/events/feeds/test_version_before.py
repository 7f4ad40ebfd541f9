"""While the version before works beside this one, on this schema, its statements find the same.

It knows no hearing loops and no wheelchair places: decision 0200.
"""

from shared.database import Pool
from tests.events.calendars import publish
from tests.events.cityplaces import place

EVERYTHING = ((), (), (), (), (), False)
"""In its type `selection`."""


async def test_the_version_before_finds_events_by_its_own_type(pool: Pool) -> None:
    """Fails where a second function of that name lets PostgreSQL guess which one is meant."""
    hall = await place(pool, "Gemeindesaal", is_step_free=True)
    found = await publish(pool, place_id=hall, categories=["culture"])
    await publish(pool, categories=["culture"])
    statement = """
        select calendar_event_id from (select * from public_date) as found
        where is_chosen(event_ical, $1)
    """

    everything = await pool.fetch(statement, EVERYTHING)
    step_free = await pool.fetch(statement, (*EVERYTHING[:-1], True))
    sport = await pool.fetch(statement, (("sport",), *EVERYTHING[1:]))

    assert len(everything) == 2
    assert [row["calendar_event_id"] for row in step_free] == [found.calendar_event_id]
    assert sport == []
