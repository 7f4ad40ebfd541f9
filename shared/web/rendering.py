"""Prepares the templates: where they lie, and which filters they have."""

from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.german import clock, german_day, german_number, long_day, moment, weekday
from shared.web.static import shipped_assets

FRAME: Final = Path(__file__).parent / "templates"


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
            "weekday": weekday,
            "long_day": long_day,
            "clock": clock,
            "moment": moment,
        }
    )
    return environment


def query(current: dict[str, str], **changes: object) -> str:
    """Return a query string: the current one with changes; None or empty takes a name out."""
    merged = {**current, **{name: str(value) for name, value in changes.items() if value}}
    dropped = {name for name, value in changes.items() if not value}
    return urlencode({name: value for name, value in merged.items() if name not in dropped})
