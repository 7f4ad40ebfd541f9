"""Says in German what codes mean, for pages and exported tables."""

from collections.abc import Iterable
from typing import Final, Protocol

from shared.german import counted

PHASES: Final = {
    "draft": "In Planung",
    "nomination_open": "Vorschläge offen",
    "nomination_closed": "Vorschläge geschlossen",
    "guests_selected": "Gäste ausgewählt",
    "inviting": "Einladungen laufen",
    "held": "Vorbei",
    "cancelled": "Abgesagt",
}
PHASE_KINDS: Final = {"cancelled": "danger", "held": "success", "draft": "warning"}
"""How a phase's badge is coloured; others are `info`."""

CATEGORIES: Final = {"volunteer": "Engagierte", "protocol": "Protokollgäste"}
CLASSES: Final = {
    "standard": "Sitzplätze",
    "wheelchair": "Rollstuhlplätze",
    "companion": "Plätze für Begleitpersonen",
}
PROPOSALS: Final = {
    "proposed": "Vorgeschlagen",
    "selected": "Ausgewählt",
    "carried_over": "Vorgemerkt",
    "withdrawn": "Zurückgezogen",
    "refused": "Abgelehnt",
}
ANSWERS: Final = {
    "invited": "Noch keine Antwort",
    "accepted": "Zugesagt",
    "declined": "Abgesagt",
    "waitlisted": "Auf der Warteliste",
    "offered": "Platz angeboten",
    "expired": "Frist abgelaufen",
    "cancelled": "Zurückgenommen",
}
ANSWER_KINDS: Final = {
    "accepted": "success",
    "declined": "danger",
    "waitlisted": "warning",
    "offered": "warning",
}
VIA: Final = {"link": "Link", "code": "Code", "phone": "Telefon", "letter": "Brief"}
NEEDS: Final = {
    "hearing_loop": "Induktive Höranlage",
    "step_free": "Stufenloser Weg",
    "sign_language": "Gebärdensprache",
    "assistance_dog": "Assistenzhund",
}
GROUPS: Final = {
    "carried_over": "Vorgemerkte aus früheren Jahren",
    "first_time": "Erstgäste",
    "invited_before": "Schon einmal eingeladen",
}
VERDICTS: Final = {
    "drawn": "ausgewählt",
    "quota_used_up": "Kontingent des Vereins erreicht",
    "not_drawn": "vorgemerkt",
}


class Guest(Protocol):
    """Somebody who may need something."""

    @property
    def needs_wheelchair(self) -> bool:
        """Whether the guest comes in a wheelchair."""

    @property
    def with_access_companion(self) -> bool:
        """Whether somebody comes along whom the guest needs."""

    @property
    def access_needs(self) -> Iterable[str]:
        """Codes of what else is needed."""


class Proposal(Protocol):
    """Somebody who is proposed as a guest."""

    @property
    def state(self) -> str:
        """Code of how the proposal stands."""

    @property
    def is_invited(self) -> bool:
        """Whether an invitation has followed."""


def proposal(one: Proposal) -> str:
    """Return how a proposal stands."""
    return "Eingeladen" if one.is_invited else PROPOSALS[one.state]


def letters_to_print(count: int) -> str:
    """Return where the letters that something leads to are found, as a sentence."""
    return (
        counted(count, "Brief steht", "Briefe stehen")
        + " danach unter „Briefe“ zum Drucken bereit."
    )


def needs(guest: Guest) -> list[str]:
    """Return what a guest needs, in words for a list."""
    named = ["Rollstuhlplatz"] if guest.needs_wheelchair else []
    if guest.with_access_companion:
        named.append("Begleitperson")
    return [*named, *(NEEDS[code] for code in guest.access_needs)]
