"""Finds out what each route of each service takes: its address, its fields, its questions."""

import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import inspect as types

from deploy.reference.roles import ROUTES
from services.registry.organisations.columns import ORGANISATIONS
from services.registry.people.columns import PEOPLE
from shared.web.request import Request

SERVICES: Final = ("registry", "recognition", "events", "notifier")
_FORM: Final = re.compile(r"read_form\(\w+, (\w+)\)")
_SENT: Final = re.compile(r"request\.form\(\)\)\.get\(\"(\w+)\"")
_ASKED: Final = re.compile(r"(?:query_params|asked|given)\.get\(\"(\w+)\"")
_LISTING: Final = ("suche", "sortierung", "seite")
_SEARCH: Final = (
    "suche", "rubrik", "zielgruppe", "stadtteil", "ort", "veranstalter", "stufenlos",
    "hoeranlage", "rollstuhlplaetze", "abgesagt", "ab", "seite",
)  # fmt: skip
_PARAMETERS: Final = ("after", "limit")
_LAST: Final = ("beenden", "absagen", "abschliessen", "schliessen", "verlassen", "abmelden")
"""Routes that end something other routes need; they are called after those."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one address, and what it reads."""

    method: str
    path: str
    fields: dict[str, str]
    """Of its forms, with a value that is right."""
    questions: tuple[str, ...]
    """Names of its query parameters."""

    takes_json: bool
    """Whether its body is a JSON document."""

    @property
    def variables(self) -> list[str]:
        """The names in its address."""
        return re.findall(r"\{(\w+)\}", self.path)


@cache
def routes(service: str) -> tuple[Route, ...]:
    """Return a service's routes, those last that end something."""
    app = Litestar(list(ROUTES[service]), request_class=Request, openapi_config=None)
    found = [
        Route(
            method=method,
            path=route.path_format,
            fields=_fields(handler.fn) if method == "POST" else {},
            questions=_questions(handler.fn),
            takes_json="JSONBody" in inspect.getsource(handler.fn),
        )
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods)
        if method != "OPTIONS"
    ]
    return tuple(sorted(found, key=lambda one: (_rank(one), one.path, one.method)))


def _rank(route: Route) -> int:
    ending = route.path.rsplit("/", 1)[-1]
    return _LAST.index(ending) + 1 if ending in _LAST and route.method == "POST" else 0


def _fields(function: Any) -> dict[str, str]:
    source = _source(function)
    found = dict.fromkeys(_SENT.findall(source), "1")
    for form in _FORM.findall(source):
        found |= dict(_right(function.__globals__[form]))
    if "read_record" in source:
        columns = [*PEOPLE.columns, *ORGANISATIONS.columns]
        found |= {column.field: "Beispiel" for column in columns}
    if "seen_version" in source:
        found["version"] = "1"
    return found


def _source(function: Any, seen: frozenset[str] = frozenset()) -> str:
    """Return the text of a function and of those of its module that it uses."""
    names = set(function.__code__.co_names) - seen
    used = [function.__globals__.get(name) for name in sorted(names)]
    below = [
        _source(one, seen | names)
        for one in used
        if inspect.isfunction(one) and one.__module__ == function.__module__
    ]
    return inspect.getsource(function) + "".join(below)


def _right(form: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    info = types.type_info(form)
    fields: Iterable[types.Field] = info.fields if isinstance(info, types.StructType) else ()
    for field in fields:
        yield field.encode_name, _value(field.type)


def _value(kind: types.Type) -> str:
    if isinstance(kind, types.UnionType):
        return _value(kind.types[0])
    if isinstance(kind, types.Metadata):
        return "grit@example.de" if (kind.extra or {}).get("form") == "email" else _value(kind.type)
    if isinstance(kind, types.LiteralType):
        return str(kind.values[0])
    if isinstance(kind, types.EnumType):
        return str(next(iter(kind.cls)).value)
    if isinstance(kind, types.ListType | types.VarTupleType):
        return _value(kind.item_type)
    return _RIGHT.get(type(kind), "Beispiel")


_RIGHT: Final[dict[type[types.Type], str]] = {
    types.IntType: "1",
    types.DecimalType: "1,5",
    types.FloatType: "1",
    types.BoolType: "on",
    types.DateType: "15.06.2030",
    types.TimeType: "19:30",
    types.DateTimeType: "15.06.2030 19:30",
    types.UUIDType: "01900000-0000-7000-8000-000000000001",
}


def _questions(function: Any) -> tuple[str, ...]:
    source = _source(function)
    names = list(_ASKED.findall(source))
    names += _LISTING if "read_listing" in source else ()
    names += _SEARCH if "read_search" in source else ()
    names += [name for name in _PARAMETERS if name in inspect.signature(function).parameters]
    return tuple(dict.fromkeys(names)) or ("unbekannt",)
