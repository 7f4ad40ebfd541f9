"""The honouring event, its places and its invitations: nouns and rules, without any I/O."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

Phase = Literal[
    "draft",
    "nomination_open",
    "nomination_closed",
    "guests_selected",
    "inviting",
    "held",
    "cancelled",
]
GuestCategory = Literal["volunteer", "protocol"]
"""A group of guests with a number of places of its own (Gästegruppe)."""
SeatClass = Literal["standard", "wheelchair", "companion"]
"""Kind of place; companion is the access companion's place beside a wheelchair place."""
InvitationState = Literal[
    "invited", "accepted", "declined", "waitlisted", "offered", "expired", "cancelled"
]
AnsweredVia = Literal["link", "code", "phone", "letter"]
CheckInResult = Literal["admitted", "already_in", "ticket_cancelled", "conflict"]

HOLDS_PLACES: Final = frozenset({"accepted", "offered"})
"""States of an invitation whose places are counted as taken."""


class HonouringEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation-only event of thanks; the times are what the hall's clock shows."""

    honouring_event_id: UUID
    version: int
    title: str
    programme: str
    venue_name: str
    venue_address: str
    starts_at: datetime
    ends_at: datetime
    doors_open_at: datetime
    zone: str
    phase: Phase
    nominate_by_on: date
    """Last day on which associations propose guests."""
    answer_by_on: date
    """Last day for answers, unless a wave says otherwise."""
    offer_hours: int
    """How long an offered place is held for a replacement."""
    most_seats: int
    """How many may come on one volunteer's invitation: 1, or 2 with a plus-one."""
    previous_starts_at: datetime | None
    admission_hours: int
    """How long before the beginning a scan at the door admits somebody, at the latest."""
    admission_opened_at: datetime | None
    """When staff opened the doors by hand before that; None if they did not."""

    @property
    def starts(self) -> datetime:
        """Return the instant at which it starts."""
        return instant(self.starts_at, self.zone)

    @property
    def ends(self) -> datetime:
        """Return the instant at which it ends."""
        return instant(self.ends_at, self.zone)

    @property
    def doors_open(self) -> datetime:
        """Return the instant at which the doors open."""
        return instant(self.doors_open_at, self.zone)

    @property
    def counts_from(self) -> datetime:
        """Return the instant from which on scans at the doors count by themselves."""
        return min(self.doors_open, self.starts - timedelta(hours=self.admission_hours))

    def is_admitting(self, now: datetime) -> bool:
        """Tell whether scans at the doors admit guests, or are only rehearsed."""
        return self.admission_opened_at is not None or now >= self.counts_from

    @property
    def nominate_by(self) -> datetime:
        """Return the instant until which associations propose guests."""
        return end_of_day(self.nominate_by_on, self.zone)

    @property
    def answer_by(self) -> datetime:
        """Return the instant until which guests answer, unless their wave says otherwise."""
        return end_of_day(self.answer_by_on, self.zone)

    @property
    def announced(self) -> dict[str, Any]:
        """Return what facts about it tell the world, by field; all of it is public."""
        return {
            "honouring_event_id": self.honouring_event_id,
            "title": self.title,
            "programme": self.programme,
            "venue_name": self.venue_name,
            "venue_address": self.venue_address,
            "starts_at": self.starts,
            "ends_at": self.ends,
            "zone": self.zone,
        }

    @property
    def is_over(self) -> bool:
        """Tell whether nothing about it can be changed any more."""
        return self.phase in {"held", "cancelled"}


def instant(wall_clock: datetime, zone: str) -> datetime:
    """Return the instant at which a clock in the zone shows this naive time."""
    return wall_clock.replace(tzinfo=ZoneInfo(zone))


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last second of a local day, the instant that a deadline "until" it means."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """A number of places of each guest category and of each seat class.

    Each person counts twice, once by category and once by class. Negative numbers free places.
    """

    volunteer: int = 0
    protocol: int = 0
    standard: int = 0
    wheelchair: int = 0
    companion: int = 0

    def __neg__(self) -> "Places":
        """Return the change that frees these places."""
        return Places(**{name: -n for name, n in msgspec.structs.asdict(self).items()})

    def __sub__(self, other: "Places") -> "Places":
        """Return the difference, as the change from `other` to these places."""
        mine, theirs = msgspec.structs.asdict(self), msgspec.structs.asdict(other)
        return Places(**{name: mine[name] - theirs[name] for name in mine})


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes on one invitation: all of them or none."""

    seats: int
    """The guest and the plus-one (Begleitperson): 1 or 2; 0 is nobody."""
    needs_wheelchair: bool = False
    """The guest comes in a wheelchair."""
    with_access_companion: bool = False
    """Comes with a person whom the guest needs (Merkzeichen B), not counted in `seats`."""
    companion_name: str = ""

    @property
    def persons(self) -> int:
        """Return how many people that is."""
        return self.seats + (self.with_access_companion and self.seats > 0)

    @property
    def admissions(self) -> tuple[SeatClass, ...]:
        """Return each person's kind of place: the guest, the plus-one, the access companion.

        The companion's places are beside the wheelchair places; without a wheelchair an access
        companion sits beside the guest on a standard place.

        Source: VStättVO § 10 (7), each wheelchair place has a companion's place assigned.
        """
        if self.seats == 0:
            return ()
        guest: SeatClass = "wheelchair" if self.needs_wheelchair else "standard"
        companion: SeatClass = "companion" if self.needs_wheelchair else "standard"
        plus_ones: list[SeatClass] = ["standard"] * (self.seats - 1)
        return (guest, *plus_ones, *([companion] if self.with_access_companion else []))

    def places(self, category: GuestCategory) -> Places:
        """Return the places that the party takes as guests of this category."""
        admissions = self.admissions
        return Places(
            volunteer=len(admissions) if category == "volunteer" else 0,
            protocol=len(admissions) if category == "protocol" else 0,
            standard=admissions.count("standard"),
            wheelchair=admissions.count("wheelchair"),
            companion=admissions.count("companion"),
        )


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A person's right to answer for one or more places (Einladung)."""

    invitation_id: UUID
    version: int
    honouring_event_id: UUID
    invitation_wave_id: UUID
    person_id: UUID
    category: GuestCategory
    state: InvitationState
    most_seats: int
    seats: int
    needs_wheelchair: bool
    with_access_companion: bool
    companion_name: str
    waits_since: datetime | None
    offered_until: datetime | None
    answered_at: datetime | None
    answered_via: AnsweredVia | None

    @property
    def party(self) -> Party:
        """Return who comes, waits or is offered places on it."""
        return Party(
            seats=self.seats,
            needs_wheelchair=self.needs_wheelchair,
            with_access_companion=self.with_access_companion,
            companion_name=self.companion_name,
        )

    @property
    def holds(self) -> Places:
        """Return the places that are counted as taken for it."""
        if self.state in HOLDS_PLACES:
            return self.party.places(self.category)
        return Places()


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """One person's right of entry (Eintrittskarte)."""

    ticket_id: UUID
    version: int
    invitation_id: UUID
    honouring_event_id: UUID
    holder_name: str
    admission: SeatClass
    short_code: str
    issued_at: datetime
    cancelled_at: datetime | None
