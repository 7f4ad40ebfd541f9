"""What is known of a calendar that is fetched, and when it is fetched next."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

import msgspec

LONGEST_PAUSE: Final = timedelta(days=1)
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"

WORDS: Final = MappingProxyType(
    {
        "": "Noch nicht abgeholt.",
        CHANGED: "Abgeholt; es gab Neues.",
        UNCHANGED: "Abgeholt; es gab nichts Neues.",
        "address_not_allowed": "Die Adresse führt in ein internes Netz; dorthin fragen wir nicht.",
        "host_unknown": "Den Namen des Servers gibt es nicht.",
        "not_reached": "Der Server ist nicht erreichbar oder bricht die Verbindung ab.",
        "too_slow": "Der Server hat nicht in 30 Sekunden geantwortet.",
        "too_large": "Der Kalender ist größer als 5 MiB.",
        "too_many_items": "Der Kalender hat mehr als 2.000 Veranstaltungen.",
        "too_many_redirects": "Der Server leitet zu oft oder auf eine unsichere Adresse weiter.",
        "answer_refused": "Der Server verweigert die Auskunft oder kennt die Adresse nicht.",
        "asked_to_wait": "Der Server bittet, später wiederzukommen.",
        "encoding_not_allowed": "Der Server schickt gepackte Daten; darum baten wir nicht.",
        "not_a_calendar": "Was der Server schickt, ist kein iCalendar in UTF-8.",
    }
)
"""What an outcome means, for people."""


class PullFailed(Exception):
    """A calendar was not fetched; `reason` is one of WORDS, `wait` what the server asks for."""

    def __init__(self, reason: str, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar that is fetched for a partner (Abholung)."""

    partner_id: UUID
    url: str
    every_minutes: int
    etag: str = ""
    last_modified: str = ""
    digest: bytes = b""
    next_at: datetime
    pulled_at: datetime | None = None
    outcome: str = ""
    failures: int = 0


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What a server has answered."""

    body: bytes | None
    """None where nothing has changed."""
    etag: str = ""
    last_modified: str = ""


def taken(pull: Pull, fetched: Fetched, digest: bytes, now: datetime) -> Pull:
    """Return a pull whose calendar was fetched and taken."""
    is_same = fetched.body is None or digest == pull.digest
    if fetched.body is not None:
        pull = msgspec.structs.replace(
            pull, etag=fetched.etag, last_modified=fetched.last_modified, digest=digest
        )
    return msgspec.structs.replace(
        pull,
        outcome=UNCHANGED if is_same else CHANGED,
        failures=0,
        pulled_at=now,
        next_at=now + timedelta(minutes=pull.every_minutes),
    )


def failed(pull: Pull, failure: PullFailed, now: datetime) -> Pull:
    """Return a pull that has failed: each time it waits twice as long, a day at most.

    A server that asks for a longer pause is left alone for as long, a day at most too.
    """
    pause = timedelta(minutes=pull.every_minutes) * 2 ** min(pull.failures, 10)
    return msgspec.structs.replace(
        pull,
        outcome=failure.reason,
        failures=pull.failures + 1,
        pulled_at=now,
        next_at=now + min(max(pause, failure.wait or pause), LONGEST_PAUSE),
    )
