"""Gathers what a message to one guest may say: the words its template can use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from services.notifier import wording
from shared.contracts.recognition import GuestDetails
from shared.contracts.registry import PersonDetails


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: the office whose name and address stand on mails and letters."""

    organisation: str
    street: str
    town: str
    """Postal code and town."""
    phone: str
    email: str
    signatory: str
    """Who signs, such as a name with its office; may be empty."""

    @property
    def return_line(self) -> str:
        """Return the line above the address, for letters that come back."""
        return f"{self.organisation} · {self.street} · {self.town}"


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one guest, with the data as they are now."""

    guest: GuestDetails
    person: PersonDetails
    sender: Sender
    public_url: str
    written_at: datetime
    previous_starts_at: datetime | None = None
    """When the event was to start before it was moved, if it was."""
    opt_out_url: str = ""
    """Where the person turns mails into letters; empty where that is not offered."""

    @property
    def answer_url(self) -> str:
        """Return the guest's own address for answering: a secret."""
        return f"{self.public_url}/e/{self.guest.link_token}"

    @property
    def short_url(self) -> str:
        """Return what a guest with a letter types in, without the scheme."""
        return f"{self.public_url}/einladung".removeprefix("https://")

    @property
    def code(self) -> str:
        """Return what opens the same page from paper: a secret."""
        return self.guest.letter_code

    @property
    def online(self) -> tuple[str, str]:
        """Return what letters write above the short address, and what the QR code is for."""
        return ("Antworten im Internet", "QR-Code: im Internet antworten")

    @property
    def version(self) -> int:
        """Return the version of what the message is about."""
        return self.guest.version

    @property
    def zone(self) -> str:
        """Return the IANA name of the zone of the hall's clock."""
        return self.guest.zone

    @property
    def recipient(self) -> tuple[str, str]:
        """Return name and e-mail address; the address is empty if there is none."""
        return (wording.full_name(self.person), self.person.email or "")

    @property
    def address_lines(self) -> tuple[str, ...]:
        """Return what stands in the window of the envelope."""
        return wording.address_lines(self.person)

    @property
    def place(self) -> tuple[str, ...]:
        """Return what letters are sorted by: postal code, then name."""
        return (self.person.postal_code, self.person.family_name, self.person.given_name)

    def words(self, *, by_letter: bool) -> dict[str, Any]:
        """Return the values and functions that a template can use."""
        zone = self.guest.zone
        return {
            "guest": self.guest,
            "sender": self.sender,
            "salutation": wording.salutation(self.person),
            "answer_url": self.answer_url,
            "short_url": self.short_url,
            "opt_out_url": self.opt_out_url,
            "written_at": self.written_at,
            "previous_starts_at": self.previous_starts_at,
            "by_letter": by_letter,
            "persons": _persons,
            **in_zone(zone),
        }


def in_zone(zone: str) -> dict[str, Callable[[datetime], str]]:
    """Return the functions with which a template writes instants as a clock of this zone shows."""
    return {
        "day": lambda instant: wording.day(instant, zone),
        "clock": lambda instant: wording.clock(instant, zone),
        "moment": lambda instant: wording.moment(instant, zone),
    }


def _persons(number: int) -> str:
    return "eine Person" if number == 1 else f"{number} Personen"
