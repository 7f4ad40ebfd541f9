"""Says what door staff read after a scan: a colour, a name and one clear sentence (Einlass)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.recognition.honouring.model import SeatClass, Ticket
from shared.german import moment

Verdict = Literal[
    "admitted",
    "already_in",
    "ticket_cancelled",
    "event_cancelled",
    "other_event",
    "forged",
    "unreadable",
    "unknown",
]
Colour = Literal["green", "yellow", "red"]

ADMISSION_LABELS: Final[dict[SeatClass, str]] = {
    "standard": "Sitzplatz",
    "wheelchair": "Rollstuhlplatz",
    "companion": "Begleitplatz am Rollstuhlplatz",
}

_HEADLINES: Final[dict[Verdict, tuple[Colour, str]]] = {
    "admitted": ("green", "Willkommen"),
    "already_in": ("yellow", "Bereits eingelassen"),
    "ticket_cancelled": ("red", "Karte ungültig"),
    "event_cancelled": ("red", "Veranstaltung abgesagt"),
    "other_event": ("red", "Falsche Veranstaltung"),
    "forged": ("red", "Karte nicht echt"),
    "unreadable": ("red", "Keine Eintrittskarte"),
    "unknown": ("red", "Karte nicht gefunden"),
}
_SENTENCES: Final[dict[Verdict, str]] = {
    "admitted": "Einlass gewährt.",
    "ticket_cancelled": (
        "Diese Karte wurde zurückgegeben oder durch eine neue ersetzt. Bitte suchen Sie nach dem "
        "Namen oder fragen Sie die Einlassleitung."
    ),
    "event_cancelled": "Die Veranstaltung ist abgesagt. Es wird niemand eingelassen.",
    "other_event": "Diese Karte gilt für eine andere Veranstaltung.",
    "forged": "Die Unterschrift der Karte stimmt nicht. Bitte rufen Sie die Einlassleitung.",
    "unreadable": "Das ist keine unserer Karten. Bitte scannen Sie noch einmal.",
    "unknown": "Diesen Code gibt es für diese Veranstaltung nicht. Bitte prüfen Sie die Eingabe.",
}


class Entry(msgspec.Struct, frozen=True):
    """When and where a ticket was admitted."""

    scan_id: UUID
    entered_at: datetime
    door: str


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one scan, as it is shown at the door and answered to devices."""

    scan_id: UUID
    verdict: Verdict
    colour: Colour
    headline: str
    sentence: str
    ticket_id: UUID | None = None
    """None where no ticket was found."""
    holder_name: str = ""
    admission: SeatClass | None = None
    entered_at: datetime | None = None
    """When the ticket was admitted first; None if it was not."""
    door: str = ""
    is_rehearsal: bool = False
    """Nothing is recorded: this is what would happen if the doors were open."""
    counts_from: datetime | None = None
    """In a rehearsal: when its end comes by itself. Scans kept by a device before are not sent."""


def admission_of(
    scan_id: UUID,
    verdict: Verdict,
    zone: str,
    ticket: Ticket | None = None,
    first: Entry | None = None,
) -> Admission:
    """Put a verdict into words; times are told as the hall's clock shows them."""
    colour, headline = _HEADLINES[verdict]
    return Admission(
        scan_id=scan_id,
        verdict=verdict,
        colour=colour,
        headline=headline,
        sentence=_already_in(first, zone) if verdict == "already_in" else _SENTENCES[verdict],
        ticket_id=ticket.ticket_id if ticket else None,
        holder_name=ticket.holder_name if ticket else "",
        admission=ticket.admission if ticket else None,
        entered_at=first.entered_at if first else None,
        door=first.door if first else "",
    )


def rehearsed(admission: Admission, counts_from: datetime, zone: str) -> Admission:
    """Say of what would come of a scan that it is a rehearsal, and until when."""
    would = "Diese Karte würde eingelassen." if admission.verdict == "admitted" else ""
    return msgspec.structs.replace(
        admission,
        headline=f"Probe: {admission.headline}",
        sentence=f"{would or admission.sentence} Eingetragen ist nichts; das geschieht ab"
        f" {moment(counts_from, zone)}.",
        is_rehearsal=True,
        counts_from=counts_from,
    )


def _already_in(first: Entry | None, zone: str) -> str:
    if first is None:
        return "Diese Karte wurde bereits eingelassen."
    at = first.entered_at.astimezone(ZoneInfo(zone))
    return f"Bereits eingelassen um {at:%H:%M} Uhr, {first.door}."
