"""The rules of house.md that a machine can see, each as a test."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for folder in ("services", "shared", "deploy", "bench", "faultlab", "examples", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
SERVICES = ("registry", "recognition", "events", "notifier")
MOST_LINES, MOST_TEST_LINES, MOST_COMMAND_LINES, MOST_FUNCTION_LINES = 250, 400, 150, 40
MOST_STORY_LINES = 60
"""A journey tells one story in one piece."""
STORIES = (ROOT / "tests" / "journeys", ROOT / "tests" / "browser")
KIT = {
    *("contracts", "database", "outbox", "inbox", "broker", "web", "auth", "errors", "settings"),
    *("telemetry", "text", "migrations"),
}
"""What `shared` began with; every other name in it stands in a decision record."""
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
SENDING = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "prepare", "cursor"}
"""What asyncpg's connections do with a statement."""
WITHOUT_STATEMENT = {"prepared", "pull", "subscription"}
"""What has methods of these names and takes no SQL: a prepared statement, and NATS."""
EMPTY_SUFFIXES = ("Service", "Manager", "Handler", "Helper", "Impl", "Data", "Info", "Base")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def most_lines(path: Path) -> int:
    if path.is_relative_to(ROOT / "tests"):
        return MOST_TEST_LINES
    return MOST_COMMAND_LINES if path.parent.name == "commands" else MOST_LINES


def most_function_lines(path: Path) -> int:
    return MOST_STORY_LINES if path.parent in STORIES else MOST_FUNCTION_LINES


@cache
def functions() -> list[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (path, node)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_module_outgrows_its_size() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}

    assert not [
        f"{name_of(path)}: {lengths[name_of(path)]} lines"
        for path in SOURCES
        if lengths[name_of(path)] > most_lines(path)
    ]


def test_no_function_outgrows_its_size() -> None:
    too_long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path, node in functions()
        if (node.end_lineno or node.lineno) - node.lineno + 1 > most_function_lines(path)
    ]

    assert not too_long


def test_no_module_and_no_folder_has_a_name_that_says_nothing() -> None:
    assert not [
        name_of(path)
        for path in SOURCES
        if EMPTY_NAMES & {*path.relative_to(ROOT).parts, path.stem}
    ]


def test_every_module_that_the_kit_has_grown_by_stands_in_a_decision_record() -> None:
    records = "".join(path.read_text() for path in (ROOT / "docs" / "decisions").glob("*.md"))
    shared = {path.stem for path in (ROOT / "shared").iterdir() if not path.name.startswith("_")}

    assert not [
        name for name in shared - KIT if not re.search(rf"`(shared/)?{name}(\.py)?`", records)
    ]


def test_no_class_has_a_suffix_that_says_nothing() -> None:
    classes = [
        f"{name_of(path)} {node.name}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(EMPTY_SUFFIXES)
    ]

    assert not classes


def test_every_module_says_what_it_is_for() -> None:
    assert not [
        name_of(path)
        for path in SOURCES
        if path.name != "__init__.py" and not ast.get_docstring(tree_of(path))
    ]


def test_every_test_asserts() -> None:
    silent = [
        f"{name_of(path)} {node.name}"
        for path, node in functions()
        if path.is_relative_to(ROOT / "tests") and node.name.startswith("test_")
        if not re.search(r"\bassert\b|\braises\(|\bexpect\(", ast.unparse(node))
    ]

    assert not silent


def test_no_test_is_named_by_chance() -> None:
    """Two workers must find the same tests."""
    chance = re.compile(r"\b(uuid4|uuid7|random|now|today)\(")
    named = [
        f"{name_of(path)} {node.name}"
        for path, node in functions()
        for decorator in node.decorator_list
        if "parametrize" in ast.unparse(decorator) and chance.search(ast.unparse(decorator))
    ]

    assert not named


def test_nothing_of_our_own_is_mocked() -> None:
    mocked = re.compile(r"unittest\.mock|mocker\.|monkeypatch\.setattr\(\s*[\"']")

    assert not [
        name_of(path)
        for path in SOURCES
        if path.name != "test_house.py" and mocked.search(path.read_text())
    ]


def test_nothing_is_put_off_without_an_issue() -> None:
    put_off = re.compile(r"#.*\b(TODO|FIXME|XXX)\b|NotImplementedError")

    assert not [
        name_of(path)
        for path in SOURCES
        if path.name != "test_house.py" and put_off.search(path.read_text())
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_in_its_init_what_it_owns(service: str) -> None:
    docstring = ast.get_docstring(tree_of(ROOT / "services" / service / "__init__.py")) or ""

    assert len(docstring.splitlines()) <= 4
    assert docstring


def test_commands_hold_one_public_function_each() -> None:
    crowded = []
    for path in (ROOT / "services").rglob("commands/*.py"):
        public = [
            node.name
            for node in tree_of(path).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if not node.name.startswith("_")
        ]
        if path.name != "__init__.py" and public != [path.stem]:
            crowded.append(f"{name_of(path)}: {public}")

    assert not crowded


def test_sql_stands_in_stores_only() -> None:
    elsewhere = [
        f"{name_of(path)}:{call.lineno}"
        for path in (ROOT / "services").rglob("*.py")
        if "store" not in path.stem and path.parent.name != "store"
        for call, _ in statements(path)
    ]

    assert not elsewhere


def test_every_statement_is_written_out_where_it_is_sent() -> None:
    """What is put together elsewhere would be prepared by no test."""
    put_together = [
        f"{name_of(path)}:{node.lineno}"
        for folder in ("services", "shared")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in SENDING
        if ast.unparse(node.func.value) not in WITHOUT_STATEMENT
        if not (node.args and isinstance(node.args[0], ast.Constant))
    ]

    assert not put_together


def test_a_pooled_connection_keeps_nothing_of_who_used_it_before() -> None:
    """It is not reset (decision 0210); the relay has a connection of its own."""
    lasting = re.compile(
        r"^\s*(set\s+(?!local\b)\w+|(un)?listen|create\s+temp|declare|load)\b"
        r"|pg_(try_)?advisory_lock\(|set_config\([^)]*\bfalse\)",
        re.IGNORECASE,
    )
    kept = [
        f"{name_of(path)}:{call.lineno}"
        for folder in ("services", "shared")
        for path in (ROOT / folder).rglob("*.py")
        if path != ROOT / "shared" / "relay.py"
        for call, sql in statements(path)
        if lasting.search(sql)
    ]

    assert lasting.search("set search_path to x")
    assert lasting.search("select pg_advisory_lock(1)")
    assert not kept


def test_every_glossary_term_occurs_in_the_code() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in (ROOT / "docs/glossary.md").read_text().splitlines()
        if line.startswith("|") and not set(line) <= set("|- ")
    ]
    code = "\n".join(path.read_text() for path in SOURCES if path.name != "test_house.py")
    code += "\n".join(path.read_text() for path in (ROOT / "services").rglob("*.sql"))
    terms = [term for row in rows[1:] for term in re.findall(r"`([^`]+)`", row[2])]

    assert terms
    assert not [term for term in terms if not re.search(rf"\b{re.escape(term)}\b", code)]


def test_no_registry_host_or_path_of_a_machine_is_written_down() -> None:
    texts = [
        path
        for pattern in ("*.toml", "*.lock", "*.json", "*.md", "*.yaml", "Makefile", ".npmrc")
        for path in ROOT.glob(pattern)
    ]
    hosts = re.compile("|".join([r"pypi\.", "org/simple", "python" + "hosted", r"registry\.npm"]))

    assert not [name_of(path) for path in texts if hosts.search(path.read_text())]


def statements(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call that sends SQL, with its text."""
    for node in ast.walk(tree_of(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SENDING
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node, node.args[0].value
