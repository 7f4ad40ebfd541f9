"""Prepares the templates: where they lie, and which filters they have."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shared.german import (
    clock,
    german_day,
    german_number,
    long_day,
    moment,
    short_day,
    weekday,
)
from shared.web.static import shipped_assets

FRAME: Final = Path(__file__).parent / "templates"
_ROW: Final = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL: Final = re.compile(r"<t[dh]\b")


@cache
def open_templates(folders: tuple[Path, ...]) -> Environment:
    """Return the environment of a service's templates and the frame's; unknown names are errors.

    A process compiles each template once, however many applications it builds.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, FRAME]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals["static"] = shipped_assets().address
    environment.globals["query"] = query
    environment.filters.update(
        {
            "number": german_number,
            "day": german_day,
            "short_day": short_day,
            "weekday": weekday,
            "long_day": long_day,
            "clock": clock,
            "moment": moment,
            "labelled": labelled,
        }
    )
    return environment


def labelled(rows: str, labels: Sequence[str]) -> Markup:
    """Return a table's rows with its column's name at each cell, which narrow screens show there.

    Cells beyond the columns get none.
    """

    def row(found: re.Match[str]) -> str:
        names = chain(labels, repeat(""))
        return _CELL.sub(lambda cell: _named(cell[0], next(names)), found[0])

    return Markup(_ROW.sub(row, rows))  # noqa: S704 - escaped before, and only names are added


def _named(cell: str, label: str) -> str:
    return f'{cell} data-label="{escape(label)}"' if label else cell


def query(current: dict[str, str], **changes: object) -> str:
    """Return a query string: the current one with changes; None or empty takes a name out."""
    merged = {**current, **{name: str(value) for name, value in changes.items() if value}}
    dropped = {name for name, value in changes.items() if not value}
    return urlencode({name: value for name, value in merged.items() if name not in dropped})
