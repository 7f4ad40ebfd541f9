"""Reads HTML forms into Structs, with a German sentence beside each field that is wrong."""

from typing import Any, Generic, TypeVar

import msgspec

from shared.errors import Malformed, Refused
from shared.web.request import Request

Value = TypeVar("Value", bound=msgspec.Struct)


class FormIncomplete(Malformed):
    """A form was used as if it were right."""

    def __init__(self) -> None:
        super().__init__("Bitte prüfen Sie Ihre Eingaben.")


class Form(Generic[Value]):
    """What somebody typed, what it means, and what is wrong with it."""

    def __init__(
        self, raw: dict[str, list[Any]], errors: dict[str, str], value: Value | None
    ) -> None:
        self.raw = raw
        """By field name, everything that was sent, in its order, untouched."""
        self.errors = errors
        """By field name, one German sentence; the empty name is the form as a whole."""
        self._value = value

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.errors and self._value is not None

    @property
    def value(self) -> Value:
        """Return the Struct.

        Raises:
            FormIncomplete: the form has errors; show it again instead.
        """
        if self._value is None or self.errors:
            raise FormIncomplete
        return self._value

    def text(self, field: str) -> str:
        """Return what stands in a field, for showing it again; empty if nothing was sent."""
        sent = self.raw.get(field) or [""]
        return str(sent[0])

    def has(self, field: str, choice: str) -> bool:
        """Whether a choice was ticked."""
        return choice in self.raw.get(field, [])

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal's sentence beside the field that it names, or above the form."""
        self.errors[refusal.field or ""] = refusal.sentence


def empty_form(kind: type[Value], initial: msgspec.Struct | dict[str, Any] | None = None) -> Form[Value]:
    """Return a form to be shown for the first time, filled from a Struct or a dictionary."""
    raise NotImplementedError


async def read_form(request: Request, kind: type[Value]) -> Form[Value]:
    """Read the request's urlencoded or multipart form into a Struct of this kind."""
    raise NotImplementedError
