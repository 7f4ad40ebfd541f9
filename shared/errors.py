"""Holds the kinds of "no": what the domain refuses, each with a German sentence for the person."""


class Refused(Exception):
    """The domain says no, for a reason of its own class (409)."""

    @property
    def sentence(self) -> str:
        """Return what the person reads."""
        return str(self)

    @property
    def field(self) -> str | None:
        """Return the name of the field that caused it, if one did."""
        return None


class NotFound(Refused):
    """What was asked for does not exist, or not for this person (404)."""

    def __init__(self, sentence: str = "Das Gesuchte gibt es hier nicht (mehr).") -> None:
        super().__init__(sentence)


class Forbidden(Refused):
    """The person is known and may not do this (403)."""

    def __init__(self, sentence: str = "Dafür fehlt Ihnen die Berechtigung.") -> None:
        super().__init__(sentence)


class Malformed(Refused):
    """Input that was understood but makes no sense (400)."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self._field = field

    @property
    def field(self) -> str | None:
        """Return the name of the input that is wrong."""
        return self._field
