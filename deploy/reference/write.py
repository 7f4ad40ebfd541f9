"""Writes every generated page; a test finds one that is out of date."""

import json
from collections.abc import Callable
from pathlib import Path

from deploy.reference import facts, roles

DOCS = Path(__file__).parents[2] / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "facts.md": facts.table,
    "roles.md": roles.table,
    "asyncapi.json": lambda: json.dumps(facts.asyncapi(), indent=1, ensure_ascii=False) + "\n",
}


def main() -> None:
    """Write all pages."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, generate in PAGES.items():
        (DOCS / name).write_text(generate(), encoding="utf-8")


if __name__ == "__main__":
    main()
