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
            "day": _in_zone(wording.day, zone),
            "clock": _in_zone(wording.clock, zone),
            "moment": _in_zone(wording.moment, zone),
        }


def _in_zone(spoken: Callable[[datetime, str], str], zone: str) -> Callable[[datetime], str]:
    return lambda instant: spoken(instant, zone)


def _persons(number: int) -> str:
    return "eine Person" if number == 1 else f"{number} Personen"
