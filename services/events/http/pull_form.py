"""What the form for a fetched calendar asks for."""

from typing import Final, Literal

import msgspec

EVERY: Final = {
    "15": "alle 15 Minuten",
    "60": "jede Stunde",
    "360": "alle 6 Stunden",
    "1440": "einmal am Tag",
}


class PullForm(msgspec.Struct, kw_only=True):
    """Where a calendar is, and how often it is fetched."""

    url: str
    every_minutes: Literal["15", "60", "360", "1440"] = "60"
