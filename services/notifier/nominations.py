"""What associations are told that are asked to propose guests: nouns and rules, without any I/O."""

from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from services.notifier.model import NominationPurpose, Purpose
from shared.contracts.recognition import (
    NominationReminded,
    NominationRequestChanged,
    NominationRequested,
    NominationRequestWithdrawn,
)
from shared.contracts.recognition_reads import NominationDetails

NominationFact: TypeAlias = (
    NominationRequested | NominationReminded | NominationRequestChanged | NominationRequestWithdrawn
)
NOMINATION: Final[dict[type[NominationFact], NominationPurpose]] = {
    NominationRequested: "nomination_request",
    NominationReminded: "nomination_reminder",
    NominationRequestChanged: "nomination_change",
    NominationRequestWithdrawn: "nomination_withdrawal",
}
"""Purposes that go to associations and not to guests, by what has happened."""


class NominationDue(msgspec.Struct, frozen=True, kw_only=True):
    """A message that an association is to get, once."""

    purpose: Purpose
    nomination_request_id: UUID
    nomination_request_version: int
    honouring_event_id: UUID
    organisation_id: UUID

    @property
    def dedupe_key(self) -> str:
        """Return what makes a second message of the same kind impossible."""
        return f"{self.purpose}:{self.nomination_request_id}:v{self.nomination_request_version}"


def nomination_due(fact: NominationFact) -> NominationDue:
    """Return the message that a fact about an association's request asks for."""
    return NominationDue(
        purpose=NOMINATION[type(fact)],
        nomination_request_id=fact.nomination_request_id,
        nomination_request_version=fact.version,
        honouring_event_id=fact.honouring_event_id,
        organisation_id=fact.organisation_id,
    )


def reason_to_withhold_nomination(
    purpose: Purpose, nomination: NominationDetails, now: datetime
) -> str:
    """Return why a message to an association is no longer true, as a code; empty if it still is."""
    if (nomination.state == "withdrawn") != (purpose == "nomination_withdrawal"):
        return "event_cancelled" if nomination.state == "withdrawn" else "overtaken"
    if purpose == "nomination_withdrawal":
        return "event_over" if nomination.ends_at < now else ""
    if nomination.state == "closed":
        return "too_late" if nomination.nominate_by < now else "nomination_closed"
    if purpose == "nomination_reminder" and nomination.proposed:
        return "proposed_meanwhile"
    return ""
