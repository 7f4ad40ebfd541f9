"""The engagement (Engagement): one person's voluntary activity in one organisation."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from services.registry.columns import Problem


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


class Engagement(msgspec.Struct, frozen=True):
    """An engagement, registered, with the source numbers of its person and organisation."""

    engagement_id: UUID
    version: int
    source_number: str
    person_id: UUID
    person_number: str
    organisation_id: UUID
    organisation_number: str
    activity: str
    hours_per_week: Decimal | None
    since_on: date | None
    until_on: date | None
    edited: dict[str, Any]


class EngagementLine(msgspec.Struct, frozen=True):
    """An engagement as it is listed with its person or its organisation."""

    engagement_id: UUID
    person_id: UUID
    person_name: str
    organisation_id: UUID
    organisation_name: str
    activity: str
    hours_per_week: Decimal | None
    since_on: date | None
    until_on: date | None
    is_current: bool


class Referred(msgspec.Struct, frozen=True):
    """The people and organisations that some rows refer to, by source number."""

    people: Mapping[str, UUID]
    organisations: Mapping[str, UUID]


def find_problem(
    row: EngagementRow, referred: Referred, known: Engagement | None
) -> Problem | None:
    """Return why a row cannot be taken, if it refers to nobody or would move an engagement."""
    if row.person_number not in referred.people:
        return ("person_number", "Eine Person mit dieser Nummer ist nicht erfasst.")
    if row.organisation_number not in referred.organisations:
        return ("organisation_number", "Eine Organisation mit dieser Nummer ist nicht erfasst.")
    if known and (known.person_number, known.organisation_number) != (
        row.person_number,
        row.organisation_number,
    ):
        whose = f"{known.person_number} in {known.organisation_number}"
        return ("source_number", f"Unter dieser Nummer ist schon das Engagement {whose} erfasst.")
    return None
