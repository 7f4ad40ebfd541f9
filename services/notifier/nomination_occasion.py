"""Gathers what a message to an association may say that is asked to propose guests."""

from datetime import datetime
from typing import Any

import msgspec

from services.notifier import wording
from services.notifier.occasion import Sender, in_zone
from shared.contracts.recognition_reads import NominationDetails
from shared.contracts.registry import OrganisationDetails


class NominationOccasion(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one association, with the data as they are now."""

    nomination: NominationDetails
    organisation: OrganisationDetails
    sender: Sender
    public_url: str
    written_at: datetime

    @property
    def answer_url(self) -> str:
        """Return the association's own address for proposing: a secret."""
        return f"{self.public_url}/v/{self.nomination.link_token}"

    @property
    def short_url(self) -> str:
        """Return what an association with a letter types in, without the scheme."""
        return f"{self.public_url}/verein".removeprefix("https://")

    @property
    def opt_out_url(self) -> str:
        """Return an empty text: only people can turn mails into letters."""
        return ""

    @property
    def code(self) -> str:
        """Return what opens the same page from paper: a secret."""
        return self.nomination.letter_code

    @property
    def online(self) -> tuple[str, str]:
        """Return what letters write above the short address, and what the QR code is for."""
        return ("Vorschlagen im Internet", "QR-Code: im Internet vorschlagen")

    @property
    def version(self) -> int:
        """Return the version of what the message is about."""
        return self.nomination.version

    @property
    def zone(self) -> str:
        """Return the IANA name of the zone of the hall's clock."""
        return self.nomination.zone

    @property
    def recipient(self) -> tuple[str, str]:
        """Return name and e-mail address; the address is empty if there is none."""
        return (self.organisation.name, self.organisation.email or "")

    @property
    def address_lines(self) -> tuple[str, ...]:
        """Return what stands in the window of the envelope."""
        return wording.address_of_association(self.organisation)

    @property
    def place(self) -> tuple[str, ...]:
        """Return what letters are sorted by: postal code, then name."""
        return (self.organisation.postal_code, self.organisation.name)

    def words(self, *, by_letter: bool) -> dict[str, Any]:
        """Return the values and functions that a template can use."""
        return {
            "nomination": self.nomination,
            "association": self.organisation.name,
            "sender": self.sender,
            "salutation": wording.salutation_of_association(self.organisation),
            "answer_url": self.answer_url,
            "short_url": self.short_url,
            "opt_out_url": self.opt_out_url,
            "by_letter": by_letter,
            **in_zone(self.zone),
        }
