"""Gathers what a mail to a participant of a course may say."""

from datetime import datetime
from typing import Any, Final

import msgspec

from services.notifier import wording
from services.notifier.occasion import Sender, in_zone
from shared.contracts.courses import CourseRegistrationDetails

MOST_SESSIONS: Final = 12
"""How many dates a mail lists; the page shows all."""


class CourseOccasion(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to one participant, with the data as they are now."""

    told: CourseRegistrationDetails
    sender: Sender
    public_url: str
    written_at: datetime

    @property
    def opt_out_url(self) -> str:
        """Return an empty text: nothing is written to participants that they have not asked for."""
        return ""

    @property
    def version(self) -> int:
        """Return the version of what the message is about."""
        return self.told.version

    @property
    def recipient(self) -> tuple[str, str]:
        """Return name and e-mail address.

        The name is empty before the address is known to be that person's own: otherwise anybody
        could have a stranger addressed by words of their choice.
        """
        return ("" if self.told.state == "requested" else self.told.name, self.told.email)

    def words(self, *, by_letter: bool) -> dict[str, Any]:
        """Return the values and functions that a template can use."""
        told = self.told
        zone = told.zone
        name, _ = self.recipient
        return {
            "told": told,
            "sender": self.sender,
            "salutation": f"Guten Tag {name}".strip(),
            "by_letter": by_letter,
            "opt_out_url": self.opt_out_url,
            "own_url": f"{self.public_url}/k/{told.link_token}",
            "courses_url": f"{self.public_url}/kurse",
            "dates": [
                f"{wording.moment(one.starts_at, zone)} bis {wording.clock(one.ends_at, zone)}"
                for one in told.sessions[:MOST_SESSIONS]
            ],
            "further_dates": max(0, len(told.sessions) - MOST_SESSIONS),
            "is_in_time": self.written_at < told.withdraws_in_time_until,
            **in_zone(zone),
        }
