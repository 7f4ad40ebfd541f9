"""Names the three kinds of file that can be imported, in the order that they need."""

from typing import Final

from services.registry.columns import Kind, Table
from services.registry.engagements.columns import ENGAGEMENTS
from services.registry.organisations.columns import ORGANISATIONS
from services.registry.people.columns import PEOPLE

TABLES: Final[dict[Kind, Table]] = {
    table.kind: table for table in (ORGANISATIONS, PEOPLE, ENGAGEMENTS)
}
"""Engagements come last: they refer to people and organisations by their numbers."""
