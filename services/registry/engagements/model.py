"""The engagement (Engagement): one person's voluntary activity in one organisation."""

from datetime import date
from decimal import Decimal

import msgspec


class EngagementRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says about one engagement, already checked."""

    source_number: str
    """The number under which the source keeps the engagement; the same in every later file."""
    person_number: str
    """The person's source number."""
    organisation_number: str
    """The organisation's source number."""
    activity: str
    """What the person does, such as "Jugendtrainerin"; empty if unknown."""
    hours_per_week: Decimal | None
    """More than 0 and at most 100, with at most two decimals; None if unknown."""
    since_on: date | None
    until_on: date | None
    """The last day; None: still going on."""
