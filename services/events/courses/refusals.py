"""Holds what courses refuse, each with the sentence that the person reads."""

from shared.errors import NotFound, Refused


class CourseUnknown(NotFound):
    """There is no such course."""

    def __init__(self) -> None:
        super().__init__("Diesen Kurs gibt es nicht.")


class RunUnknown(NotFound):
    """There is no such run, or nobody may see it yet."""

    def __init__(self) -> None:
        super().__init__("Diesen Kurs gibt es nicht, oder er ist noch nicht veröffentlicht.")


class RegistrationUnknown(NotFound):
    """There is no such registration (any more)."""

    def __init__(self) -> None:
        super().__init__("Diese Anmeldung gibt es nicht (mehr).")


class StaleVersion(Refused):
    """Somebody else has changed the same thing meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            "Das wurde inzwischen von jemand anderem geändert. Bitte laden Sie die Seite neu und "
            "prüfen Sie, ob Ihre Änderung noch nötig ist."
        )


class WrongState(Refused):
    """A run is not in the state in which this can be done with it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class RegistrationClosed(Refused):
    """Nobody can register now: not yet, not any more, or the run is off."""

    def __init__(self) -> None:
        super().__init__("Für diesen Kurs sind zurzeit keine Anmeldungen möglich.")


class TooManyRegistrations(Refused):
    """Too many registrations came from one address; it may go on in a minute (429)."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "Von Ihrem Anschluss kamen gerade sehr viele Anmeldungen. Bitte warten Sie eine Minute."
        )


class NotYours(Refused):
    """What was asked for does not fit how the registration stands."""

    def __init__(self) -> None:
        super().__init__(
            "Das geht nicht (mehr): Ihre Anmeldung hat sich inzwischen geändert. Auf dieser Seite "
            "sehen Sie, wie sie jetzt steht."
        )


class OfferLapsed(Refused):
    """The offer was not taken in time."""

    def __init__(self) -> None:
        super().__init__(
            "Das Angebot ist abgelaufen; der Platz ging an die Nächsten auf der Warteliste."
        )


class RunBegun(Refused):
    """The run has begun: who takes part is settled."""

    def __init__(self) -> None:
        super().__init__("Der Kurs hat schon begonnen; daran lässt sich hier nichts mehr ändern.")


class AlreadyRegistered(Refused):
    """The address has a registration of this run already."""

    def __init__(self) -> None:
        super().__init__("Mit dieser E-Mail-Adresse gibt es für den Kurs schon eine Anmeldung.")

    @property
    def field(self) -> str:
        """Return the field that it is about."""
        return "email"


class EachNeedsProof(Refused):
    """The course asks for a proof of engagement, which nobody can pass on."""

    def __init__(self) -> None:
        super().__init__(
            "Für diesen Kurs braucht jede Person einen eigenen Nachweis. Bitte melden Sie sich ab; "
            "die andere Person kann sich selbst anmelden."
        )


class ProofMissing(Refused):
    """Nobody waits for this proof: it was decided on, or the person has withdrawn."""

    def __init__(self) -> None:
        super().__init__(
            "Über diesen Nachweis ist schon entschieden, oder er wird nicht gebraucht."
        )


class MorePlacesTaken(Refused):
    """There cannot be fewer places than people have."""

    def __init__(self) -> None:
        super().__init__("So viele Plätze sind schon vergeben oder angeboten.")

    @property
    def field(self) -> str:
        """Return the field that it is about."""
        return "maximum"
