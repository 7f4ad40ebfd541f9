"""Says what a committee is, and who belongs to it."""

import secrets
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from shared.errors import NotFound

Kind = Literal["steering", "coordination", "consortium", "other"]
KINDS: Final[dict[Kind, str]] = {
    "steering": "Steuerungsgruppe",
    "coordination": "Koordinierungskreis",
    "consortium": "Konsortium",
    "other": "Anderes Gremium",
}
TOKEN_BYTES: Final = 16
"""128 random bits in a member's link."""


class Committee(msgspec.Struct, frozen=True):
    """A group that meets by itself (Gremium)."""

    committee_id: UUID
    name: str
    kind: Kind
    founded_at: datetime


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who belongs, or has belonged, to a committee."""

    committee_member_id: UUID
    committee_id: UUID
    name: str
    email: str
    joined_on: date
    left_on: date | None
    has_link: bool


class CommitteeUnknown(NotFound):
    """There is no such committee."""

    def __init__(self) -> None:
        super().__init__("Dieses Gremium gibt es nicht.")


class MemberUnknown(NotFound):
    """There is no such member, or none of this committee, or not any more."""

    def __init__(self) -> None:
        super().__init__("Dieses Mitglied gibt es in diesem Gremium nicht (mehr).")


def mint_token() -> str:
    """Return a new secret for a member's link: 22 characters that need no escaping."""
    return secrets.token_urlsafe(TOKEN_BYTES)
