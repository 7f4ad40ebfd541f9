"""What recognition promises: facts about honouring events, invitations and tickets, and reads."""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from shared.contracts.ask import Ask
from shared.contracts.fact import Fact, Instant
from shared.contracts.recognition_reads import TicketDetails


class _Scheduled(Fact, frozen=True, kw_only=True):
    """What is public about an honouring event that will take place: it stands in the calendar."""

    about: ClassVar[str] = "honouring_event_id"

    honouring_event_id: UUID
    title: str
    programme: str
    """What is on, in a few sentences; may be empty."""
    venue_name: str
    venue_address: str
    starts_at: Instant
    ends_at: Instant
    zone: str
    """IANA name of the zone that the hall's clock shows."""


class HonouringEventPlanned(_Scheduled, frozen=True, kw_only=True):
    """An invitation-only event of thanks (Würdigungsveranstaltung) has a date and a hall."""

    subject: ClassVar[str] = "facts.recognition.honouring_event_planned.v1"


class HonouringEventChanged(_Scheduled, frozen=True, kw_only=True):
    """The title, programme or hall of an honouring event has changed, its time has not."""

    subject: ClassVar[str] = "facts.recognition.honouring_event_changed.v1"


class HonouringEventRescheduled(_Scheduled, frozen=True, kw_only=True):
    """An honouring event has moved to another time (Verlegung), perhaps to another hall too."""

    subject: ClassVar[str] = "facts.recognition.honouring_event_rescheduled.v1"

    previous_starts_at: Instant


class HonouringEventCancelled(Fact, frozen=True, kw_only=True):
    """An honouring event will not take place."""

    subject: ClassVar[str] = "facts.recognition.honouring_event_cancelled.v1"
    about: ClassVar[str] = "honouring_event_id"

    honouring_event_id: UUID


class _AboutNomination(Fact, frozen=True, kw_only=True):
    """What happens to the request that an association propose guests, told with ids only."""

    about: ClassVar[str] = "nomination_request_id"

    nomination_request_id: UUID
    honouring_event_id: UUID
    organisation_id: UUID


class NominationRequested(_AboutNomination, frozen=True, kw_only=True):
    """An association has been asked to propose guests (Bitte um Vorschläge)."""

    subject: ClassVar[str] = "facts.recognition.nomination_requested.v1"


class NominationReminded(_AboutNomination, frozen=True, kw_only=True):
    """An association that has proposed nobody is to be asked once more (Erinnerung)."""

    subject: ClassVar[str] = "facts.recognition.nomination_reminded.v1"


class NominationRequestChanged(_AboutNomination, frozen=True, kw_only=True):
    """An association is still asked, but time, hall or deadline are not what it was told."""

    subject: ClassVar[str] = "facts.recognition.nomination_request_changed.v1"


class NominationRequestWithdrawn(_AboutNomination, frozen=True, kw_only=True):
    """An association is not asked any more: the event is called off, its links have ended."""

    subject: ClassVar[str] = "facts.recognition.nomination_request_withdrawn.v1"


class GuestSelectionDrawn(Fact, frozen=True, kw_only=True):
    """The guests of an honouring event have been selected, by rule and by lot."""

    subject: ClassVar[str] = "facts.recognition.guest_selection_drawn.v1"
    about: ClassVar[str] = "honouring_event_id"

    honouring_event_id: UUID
    lottery_draw_id: UUID
    selected: int
    carried_over: int


class InvitationWaveSent(Fact, frozen=True, kw_only=True):
    """A batch of invitations with one deadline (Einladungswelle) has gone out."""

    subject: ClassVar[str] = "facts.recognition.invitation_wave_sent.v1"
    about: ClassVar[str] = "invitation_wave_id"

    invitation_wave_id: UUID
    honouring_event_id: UUID
    invited: int


class _AboutInvitation(Fact, frozen=True, kw_only=True):
    """What happens to one person's invitation or its tickets, told with ids only."""

    about: ClassVar[str] = "invitation_id"

    invitation_id: UUID
    honouring_event_id: UUID


class GuestInvited(_AboutInvitation, frozen=True, kw_only=True):
    """A person has the right to answer for one or more places (Einladung)."""

    subject: ClassVar[str] = "facts.recognition.guest_invited.v1"

    invitation_wave_id: UUID
    person_id: UUID


class InvitationAccepted(_AboutInvitation, frozen=True, kw_only=True):
    """A guest has accepted, or has changed an acceptance; the tickets are issued."""

    subject: ClassVar[str] = "facts.recognition.invitation_accepted.v1"

    seats: int


class InvitationDeclined(_AboutInvitation, frozen=True, kw_only=True):
    """A guest has declined, perhaps after having accepted."""

    subject: ClassVar[str] = "facts.recognition.invitation_declined.v1"


class InvitationWaitlisted(_AboutInvitation, frozen=True, kw_only=True):
    """A guest wanted to come while the hall was full and stands on the waiting list."""

    subject: ClassVar[str] = "facts.recognition.invitation_waitlisted.v1"

    seats: int


class PlaceReleased(_AboutInvitation, frozen=True, kw_only=True):
    """Places that an invitation held are free again."""

    subject: ClassVar[str] = "facts.recognition.place_released.v1"

    seats: int


class ReplacementOffered(_AboutInvitation, frozen=True, kw_only=True):
    """A waitlisted guest is offered freed places (Nachrücker), held until a deadline."""

    subject: ClassVar[str] = "facts.recognition.replacement_offered.v1"

    seats: int
    offered_until: Instant


class ReplacementLapsed(_AboutInvitation, frozen=True, kw_only=True):
    """An offer was not taken in time; its places go to the next on the list."""

    subject: ClassVar[str] = "facts.recognition.replacement_lapsed.v1"


class TicketIssued(_AboutInvitation, frozen=True, kw_only=True):
    """One person's right of entry, with a signed code."""

    subject: ClassVar[str] = "facts.recognition.ticket_issued.v1"
    about: ClassVar[str] = "ticket_id"

    ticket_id: UUID


class TicketCancelled(_AboutInvitation, frozen=True, kw_only=True):
    """A ticket no longer opens the door."""

    subject: ClassVar[str] = "facts.recognition.ticket_cancelled.v1"
    about: ClassVar[str] = "ticket_id"

    ticket_id: UUID


class GuestCheckedIn(Fact, frozen=True, kw_only=True):
    """A ticket was admitted at a door (Einlass)."""

    subject: ClassVar[str] = "facts.recognition.guest_checked_in.v1"
    about: ClassVar[str] = "ticket_id"

    ticket_id: UUID
    honouring_event_id: UUID
    entered_at: Instant
    door: str


InvitationState = Literal["invited", "accepted", "declined", "waitlisted", "offered", "expired"]


class GuestDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation as the notifier needs it to write to the guest.

    `link_token` and `letter_code` are made anew for every answer; each opens the answer page until
    the invitation's links end. They are secrets: they are never stored in the clear nor published.
    """

    invitation_id: UUID
    version: int
    person_id: UUID
    state: InvitationState
    invitation_wave_id: UUID
    honouring_event_id: UUID
    title: str
    programme: str
    venue_name: str
    venue_address: str
    starts_at: Instant
    ends_at: Instant
    doors_open_at: Instant
    zone: str
    is_cancelled: bool
    most_seats: int
    """How many may come on this invitation, 1 or 2 (an access companion comes on top)."""
    answer_by: Instant
    offered_until: Instant | None
    seats: int
    """How many places the guest holds or waits for; 0 if none."""
    companion_name: str
    tickets: tuple[TicketDetails, ...]
    link_token: str
    letter_code: str


class Guests(Ask[GuestDetails], frozen=True, kw_only=True):
    """Ask recognition for invitations by id, with fresh links."""

    subject: ClassVar[str] = "ask.recognition.guests.v1"
    answer: ClassVar[type[msgspec.Struct]] = GuestDetails
