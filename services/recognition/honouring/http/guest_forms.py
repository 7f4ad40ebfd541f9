"""The forms in which guests, and clerks for them, say who comes and what is needed."""

from typing import Annotated, Final, Literal

import msgspec

from services.recognition.honouring import labels
from services.recognition.honouring.answers import (
    NAME_SIZE,
    AccessNeed,
    Answer,
    Situation,
    consistent,
)
from services.recognition.honouring.model import Party
from shared.errors import Malformed

RequestKey = Annotated[str, msgspec.Meta(max_length=100)]


class SeatsMissing(Malformed):
    """Somebody comes, but it is not said how many."""

    def __init__(self) -> None:
        super().__init__("Bitte geben Sie an, ob Sie allein oder zu zweit kommen.", "seats")


class AnswerForm(msgspec.Struct, kw_only=True):
    """What a guest says on the page or on the telephone."""

    coming: Literal["ja", "nein"]
    seats: Annotated[int, msgspec.Meta(ge=1, le=2)] | None = None
    companion_name: Annotated[str, msgspec.Meta(max_length=NAME_SIZE)] = ""
    needs_wheelchair: bool = False
    with_access_companion: bool = False
    access_needs: tuple[AccessNeed, ...] = ()
    request_key: RequestKey = ""
    """Made when the form was shown, so that a double click is one answer."""

    def __post_init__(self) -> None:
        """Demand the number of people from who comes.

        Raises:
            SeatsMissing: it was left open.
        """
        if self.coming == "ja" and self.seats is None:
            raise SeatsMissing

    @property
    def answer(self) -> Answer:
        """Return the same as an answer."""
        if self.coming == "nein" or self.seats is None:
            return Answer(party=Party(seats=0))
        party = Party(
            seats=self.seats,
            needs_wheelchair=self.needs_wheelchair,
            with_access_companion=self.with_access_companion,
            companion_name=self.companion_name,
        )
        return Answer(party=consistent(party), access_needs=tuple(sorted(set(self.access_needs))))

    @property
    def key(self) -> str | None:
        """Return the request's key, if it can be one."""
        return self.request_key if len(self.request_key) >= MIN_KEY else None


MIN_KEY = 8
"""A shorter key is none: it would not tell two requests apart."""


class ClerkAnswerForm(AnswerForm, kw_only=True):
    """The same, taken down by a clerk."""

    via: Literal["phone", "letter"]


class CodeForm(msgspec.Struct, kw_only=True):
    """The code that stands in the letter."""

    code: Annotated[str, msgspec.Meta(max_length=40)]


LABELS: Final = {
    "coming": "Ihre Antwort",
    "seats": "Wie viele kommen?",
    "companion_name": "Name der Begleitung",
    "access_needs": "Was wir sonst vorbereiten sollen",
    "via": "Wie die Antwort kam",
}
"""How fields are called in the list of errors."""
CLERK_LABELS: Final = {**LABELS, "coming": "Antwort des Gastes"}


class AnswerChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What a form lets somebody choose from, each as value and label."""

    question: str
    coming: tuple[tuple[str, str], ...]
    most_seats: int
    seats: tuple[tuple[int, str], ...]
    needs: tuple[tuple[str, str], ...]


def choices_of(situation: Situation, *, by_clerk: bool = False) -> AnswerChoices:
    """Return what can be answered now, as the guest or as the clerk who is on the telephone."""
    invitation = situation.invitation
    is_offered = invitation.state == "offered"
    yes = "Ich nehme den Platz an" if is_offered else "Ich komme"
    no = "Ich verzichte" if is_offered else "Ich komme nicht"
    most = invitation.seats if is_offered else invitation.most_seats
    seats = ((1, "Ich komme allein"), (2, "Wir kommen zu zweit"))
    return AnswerChoices(
        question="Was hat der Gast geantwortet?" if by_clerk else "Kommen Sie?",
        coming=(("ja", "Kommt"), ("nein", "Kommt nicht"))
        if by_clerk
        else (("ja", yes), ("nein", no)),
        most_seats=most,
        seats=((1, "Allein"), (2, "Zu zweit")) if by_clerk else seats,
        needs=tuple(labels.NEEDS.items()),
    )


def filled(situation: Situation) -> dict[str, object]:
    """Return what a form shows before somebody has typed anything.

    Whether they come is ticked only where they have said so; what they need stays ticked, so that
    whoever takes an offer keeps it.
    """
    state, party = situation.invitation.state, situation.invitation.party
    shown: dict[str, object] = {"coming": "nein"} if state == "declined" else {}
    if not party.seats:
        return shown
    if state != "offered":
        shown["coming"] = "ja"
    return {
        **shown,
        "seats": party.seats,
        "companion_name": party.companion_name,
        "needs_wheelchair": party.needs_wheelchair,
        "with_access_companion": party.with_access_companion,
        "access_needs": situation.access_needs,
    }
