"""Says which version of Ehrensache this tree is, installed or not."""

import tomllib
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[1] / "pyproject.toml"


def version() -> str:
    """Return the version, such as "0.1.0"."""
    known: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return known
