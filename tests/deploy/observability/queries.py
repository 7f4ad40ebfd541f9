"""Reads which metrics and labels a query of Prometheus names."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from deploy.observability.__main__ import FOLDER, HERE

RULES = HERE / "prometheus" / "rules"
WORDS = frozenset({"and", "or", "unless", "bool", "offset"})
JOINED = re.compile(r"\b(?:by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)")
OURS = re.compile(r"[a-zA-Z_:][\w:]*(?!\w|\s*\()")


def metrics(query: str) -> set[str]:
    """Return the names of the metrics that a query reads."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", _without_strings(query))
    return set(OURS.findall(JOINED.sub(" ", bare))) - WORDS


def matched_labels(query: str) -> dict[str, set[str]]:
    """Return for each metric the labels by which a query chooses among its values."""
    found: dict[str, set[str]] = {}
    for name, matchers in re.findall(r"([\w:]+)\s*\{([^}]*)\}", _without_strings(query)):
        found.setdefault(name, set()).update(re.findall(r"(\w+)\s*[=!]", matchers))
    return found


def alerts() -> list[dict[str, Any]]:
    """Return all alerting rules."""
    files = [yaml.safe_load(path.read_text()) for path in sorted(RULES.glob("*.yml"))]
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


def drawn() -> Iterator[tuple[str, str]]:
    """Yield the queries of all dashboards, each with where it stands."""
    for path in sorted(FOLDER.glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", ()):
                yield f"{path.stem}: {panel['title']}", target["expr"]


def queries() -> list[str]:
    """Return all queries of rules and dashboards."""
    return [rule["expr"] for rule in alerts()] + [query for _, query in drawn()]


def _without_strings(query: str) -> str:
    return re.sub(r'"[^"]*"', '""', query)
