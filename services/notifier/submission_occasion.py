"""Gathers what a mail to an association about its submitted event may say."""

from datetime import datetime
from typing import Any, Final

import msgspec

from services.notifier import wording
from services.notifier.occasion import Sender, in_zone
from shared.contracts.events_reads import SubmissionDetails

PORTAL: Final = "/veranstaltung-melden"


class SubmissionOccasion(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to one association, with the data as they are now."""

    told: SubmissionDetails
    sender: Sender
    public_url: str
    written_at: datetime

    @property
    def opt_out_url(self) -> str:
        """Return an empty text: each of these mails answers what the association has done."""
        return ""

    @property
    def version(self) -> int:
        """Return the version of what the message is about."""
        return self.told.version

    @property
    def recipient(self) -> tuple[str, str]:
        """Return name and e-mail address."""
        return (self.told.association, self.told.email)

    @property
    def own_url(self) -> str:
        """Return the address of the event's page for its association: a secret; empty if none."""
        token = self.told.link_token
        path = f"{PORTAL}/{token}/termine/{self.told.calendar_event_id}"
        return f"{self.public_url}{path}" if token else ""

    def words(self, *, by_letter: bool) -> dict[str, Any]:
        """Return the values and functions that a template can use."""
        told = self.told
        when = wording.day if told.all_day else wording.moment
        return {
            "told": told,
            "sender": self.sender,
            "salutation": "Guten Tag",
            "by_letter": by_letter,
            "opt_out_url": self.opt_out_url,
            "own_url": self.own_url,
            "public_url": f"{self.public_url}/termine/{told.calendar_event_id}",
            "when": when(told.starts_at, told.zone),
            **in_zone(told.zone),
        }
