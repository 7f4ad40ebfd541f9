"""Each dependency has its sentence in decision record 0211, and is used where the record says."""

import json
import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.test_house import ROOT, SOURCES

RECORD = ROOT / "docs" / "decisions" / "0211-one-sentence-for-each-dependency.md"
LINE = re.compile(r"^\| `(?P<package>[^`]+)` \| (?P<reason>.+) \| (?P<use>.+) \|$", re.MULTILINE)
SENTENCE = 12
"""Characters that the shortest reason has."""


def wanted() -> Iterator[str]:
    """Yield the name of every dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for group in [project["dependencies"], *project["optional-dependencies"].values()]:
        for requirement in group:
            yield re.split(r"[^\w.-]", requirement)[0]
    package = json.loads((ROOT / "package.json").read_text())
    for name, group in package.items():
        if name.lower().endswith("dependencies"):
            yield from group


LINES = {found["package"]: found for found in LINE.finditer(RECORD.read_text())}
CODE = "\n".join(path.read_text() for path in SOURCES)


def is_used(package: str, use: str) -> bool:
    """Tell whether the code does with a package what the record says."""
    kind, named = use.partition(" `")[0], re.findall(r"`([^`]+)`", use)
    if kind in ("import", "stubs of"):
        return bool(re.search(rf"^\s*(import|from) {re.escape(named[0])}\b", CODE, re.MULTILINE))
    return kind == "named in" and [*named, package][1] in (ROOT / named[0]).read_text()


def test_each_dependency_has_a_sentence_and_each_sentence_a_dependency() -> None:
    assert set(LINES) == set(wanted())
    assert all(len(line["reason"]) >= SENTENCE for line in LINES.values())
    assert all(line["reason"].endswith(".") for line in LINES.values())


@pytest.mark.parametrize("package", LINES)
def test_a_dependency_is_used_where_the_record_says(package: str) -> None:
    assert is_used(package, LINES[package]["use"])


@pytest.mark.parametrize(
    "use",
    ["import `numpy`", "stubs of `numpy`", "named in `Makefile`", "named in `Makefile`: `uv`", "?"],
)
def test_a_use_that_is_not_there_is_found(use: str) -> None:
    assert not is_used("numpy", use)
