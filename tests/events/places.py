"""Puts places and organisers into a database, committed."""

from typing import Any
from uuid import UUID, uuid4

from shared.database import Pool

_PLACE = """
insert into place (version, name, address, latitude, longitude, is_step_free, has_hearing_loop,
    wheelchair_places, access_note, changed_at)
values (1, $1, $2, $3, $4, $5, $6, $7, $8, now())
returning place_id
"""


async def place(pool: Pool, **changes: Any) -> UUID:
    """Keep a hall that is step-free, under a name that nothing else has."""
    given = {
        "name": f"Stadthalle {uuid4().hex[:8]}", "address": "Ring 5, 01067 Dresden",
        "latitude": 51.05, "longitude": 13.74, "is_step_free": True, "has_hearing_loop": False,
        "wheelchair_places": 12, "access_note": "Eingang über den Hof", **changes,
    }  # fmt: skip
    place_id: UUID = await pool.fetchval(_PLACE, *given.values())
    return place_id


async def organiser(pool: Pool, name: str | None = None) -> UUID:
    """Keep an organiser."""
    organiser_id: UUID = await pool.fetchval(
        "insert into organiser (version, name, website, changed_at) values (1, $1, '', now())"
        " returning organiser_id",
        name or f"Kulturverein {uuid4().hex[:8]}",
    )
    return organiser_id
