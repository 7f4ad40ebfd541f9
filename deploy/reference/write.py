"""Writes every generated page; a test finds one that is out of date."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.reference import facts, openapi, partner_api, retention, roles

DOCS = Path(__file__).parents[2] / "docs" / "reference"

PAGES: dict[str, Callable[[], str]] = {
    "facts.md": facts.table,
    "roles.md": roles.table,
    "retention.md": retention.table,
    "asyncapi.json": lambda: _json(facts.asyncapi()),
    "asyncapi-partner.json": lambda: _json(partner_api.asyncapi()),
    "openapi-registry.json": lambda: _json(openapi.document("registry")),
    "openapi-recognition.json": lambda: _json(openapi.document("recognition")),
    "openapi-events.json": lambda: _json(openapi.document("events")),
    "openapi-notifier.json": lambda: _json(openapi.document("notifier")),
}


def main() -> None:
    """Write all pages."""
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, generate in PAGES.items():
        (DOCS / name).write_text(generate(), encoding="utf-8")


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
