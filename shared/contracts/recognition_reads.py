"""What else recognition answers the notifier: tickets, and associations that it has asked."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Instant


class TicketDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket as it is printed."""

    ticket_id: UUID
    holder_name: str
    admission: Literal["standard", "wheelchair", "companion"]
    """Kind of place: companion is the access companion beside a wheelchair place."""
    code: str
    """The signed text of the QR code."""
    short_code: str
    """What door staff can type in, such as `7KQM-4T2X`."""


class NominationDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One request for proposals as the notifier needs it to write to the association.

    `link_token` and `letter_code` are made anew for every answer, as those of guests are; each
    opens the page for proposing until the association's links end. They are secrets.
    """

    nomination_request_id: UUID
    version: int
    organisation_id: UUID
    state: Literal["open", "closed", "withdrawn"]
    """Open while the association can propose guests; withdrawn after the event was called off."""
    places: int
    proposed: int
    """How many guests the association has proposed so far."""
    nominate_by: Instant
    honouring_event_id: UUID
    title: str
    venue_name: str
    venue_address: str
    starts_at: Instant
    ends_at: Instant
    previous_starts_at: Instant | None
    """When the event was to start before it was moved, if it was."""
    zone: str
    link_token: str
    letter_code: str


class Nominations(Ask[NominationDetails], frozen=True, kw_only=True):
    """Ask recognition for requests for proposals by id, with fresh links."""

    subject: ClassVar[str] = "ask.recognition.nominations.v1"
    answer: ClassVar[type[msgspec.Struct]] = NominationDetails
