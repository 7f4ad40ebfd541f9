"""Reads HTML forms into Structs, with a German sentence beside each field that is wrong."""

import enum
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.datastructures import UploadFile
from msgspec import inspect

from shared.errors import Malformed, Refused
from shared.german import local
from shared.web.fields import Wrong, is_empty, missing, read_day, read_field
from shared.web.request import Request

Value = TypeVar("Value", bound=msgspec.Struct)

Email = Annotated[str, msgspec.Meta(extra={"form": "email"})]
"""For a form's Struct: text that must be an e-mail address; `Email | None` where it may lack."""
Upload = UploadFile
"""For a form's Struct: a file; the page's form needs `enctype="multipart/form-data"`."""


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
        return "" if isinstance(sent[0], UploadFile) else str(sent[0])

    def day(self, field: str) -> str:
        """Return a date field's content as `<input type="date">` needs it, JJJJ-MM-TT."""
        try:
            return read_day([self.text(field)]).isoformat()
        except Wrong:
            return self.text(field)

    def has(self, field: str, choice: object = "on") -> bool:
        """Whether a choice was ticked or selected."""
        return str(choice) in [str(sent) for sent in self.raw.get(field, [])]

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal's sentence beside the field that it names, or above the form."""
        self.errors[refusal.field or ""] = refusal.sentence


def empty_form(
    kind: type[Value], initial: msgspec.Struct | dict[str, Any] | None = None
) -> Form[Value]:
    """Return a form to be shown for the first time, filled from a Struct or a dictionary.

    What `initial` does not name is filled with the field's default.
    """
    given = initial if isinstance(initial, dict) else msgspec.structs.asdict(initial or _Nothing())
    raw = {
        field.encode_name: _shown(given.get(field.name, _default(field))) for field in _fields(kind)
    }
    return Form(raw, {}, None)


async def read_form(request: Request, kind: type[Value]) -> Form[Value]:
    """Read the request's urlencoded or multipart form into a Struct of this kind.

    Text is cleaned and stripped; an empty field is its default, None where the type allows it, or
    an error; an unticked box is False. Fields that the Struct does not know are left out.
    """
    sent = await request.form()
    raw = {field.encode_name: list(sent.getall(field.encode_name, [])) for field in _fields(kind)}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in _fields(kind):
        try:
            values[field.name] = _value(field, raw[field.encode_name])
        except Wrong as wrong:
            errors[field.encode_name] = str(wrong)
    return _assemble(kind, raw, values, errors)


class _Nothing(msgspec.Struct):
    pass


def _assemble(
    kind: type[Value], raw: dict[str, list[Any]], values: dict[str, Any], errors: dict[str, str]
) -> Form[Value]:
    if errors:
        return Form(raw, errors, None)
    form = Form[Value](raw, errors, None)
    try:
        return Form(raw, errors, kind(**values))
    except Refused as refusal:
        form.refuse(refusal)
    return form


def _value(field: inspect.Field, sent: list[Any]) -> Any:
    if not is_empty(sent):
        return read_field(field.type, sent)
    if isinstance(field.type, inspect.BoolType):
        return False
    if not field.required:
        return _default(field)
    if isinstance(field.type, inspect.UnionType):
        return None
    raise Wrong(missing(field.type))


def _default(field: inspect.Field) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return None if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    info = inspect.type_info(kind)
    return info.fields if isinstance(info, inspect.StructType) else ()


def _shown(value: Any) -> list[str]:
    if value is None or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, enum.Enum):
        return [str(value.value)]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [text for one in value for text in _shown(one)]
    return [_written(value)]


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{local(value) if value.tzinfo else value:%Y-%m-%dT%H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
