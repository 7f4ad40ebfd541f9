"""The reasons for which an answer to an invitation is refused."""

from shared.errors import Malformed, Refused


class EventCancelled(Refused):
    """The event will not take place."""

    def __init__(self) -> None:
        super().__init__("Die Veranstaltung ist abgesagt. Sie brauchen nicht mehr zu antworten.")


class EventBegun(Refused):
    """The event is on or over."""

    def __init__(self) -> None:
        super().__init__("Die Veranstaltung hat begonnen. Bitte wenden Sie sich an den Einlass.")


class InvitationWithdrawn(Refused):
    """The invitation was taken back."""

    def __init__(self) -> None:
        super().__init__("Diese Einladung gilt nicht mehr. Bitte rufen Sie uns an.")


class AlreadyInside(Refused):
    """Somebody has entered on this invitation, so its tickets are used."""

    def __init__(self) -> None:
        super().__init__("Mit dieser Einladung ist schon jemand im Saal. Bitte fragen Sie dort.")


class DeadlinePassed(Refused):
    """A guest asks for more after the deadline; giving places back is always possible."""

    def __init__(self) -> None:
        super().__init__(
            "Die Antwortfrist ist abgelaufen. Absagen oder einen Platz zurückgeben können Sie "
            "weiterhin; für alles andere rufen Sie uns bitte an."
        )


class OfferLapsed(Refused):
    """The offered places were held until a time that has passed."""

    def __init__(self) -> None:
        super().__init__("Die Frist für dieses Angebot ist leider abgelaufen.")


class MoreThanOffered(Refused):
    """The answer asks for places beyond those that are held."""

    def __init__(self) -> None:
        super().__init__(
            "Für Sie sind nur die angebotenen Plätze reserviert. Bitte nehmen Sie diese an; "
            "wenn Sie mehr brauchen, rufen Sie uns bitte an."
        )


class NoFurtherPlaces(Refused):
    """A guest who has a place wants more than is left; nothing is changed."""

    def __init__(self) -> None:
        super().__init__(
            "Dafür ist leider kein Platz mehr frei. Ihre bisherige Zusage bleibt unverändert."
        )


class TooManySeats(Malformed):
    """The invitation does not reach that far."""

    def __init__(self) -> None:
        super().__init__("Diese Einladung gilt nur für eine Person.", "seats")
