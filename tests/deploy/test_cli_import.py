"""`ehrensache import`: the importer of the console, from the command line."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.demo.files import write_city
from deploy.demo.generate import generate_city
from deploy.local.stack import Stack, Wishes


@pytest.fixture(scope="module")
def stack(servers_directory: Path) -> Iterator[Stack]:
    with Stack(servers_directory / "import", Wishes(services=(), durable=False)) as stack:
        yield stack


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("city")
    files = write_city(generate_city(date(2026, 11, 1)), folder)
    return dict(zip(("organisations", "people", "engagements"), files, strict=False))


def _import(stack: Stack, *arguments: str | Path) -> Result:
    return CliRunner().invoke(
        app,
        ["import", *map(str, arguments)],
        env={"EHRENSACHE_LOCAL": str(stack.layout.root), "COLUMNS": "200"},
    )


def _ended(shown: Result) -> dict[str, object]:
    ended: dict[str, object] = json.loads(shown.stdout)["ended"]
    return ended


def test_a_dry_run_counts_and_changes_nothing(stack: Stack, lists: dict[str, Path]) -> None:
    first = _import(stack, "organisations", lists["organisations"], "--dry-run", "--json")
    second = _import(stack, "organisations", lists["organisations"], "--dry-run", "--json")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert _ended(first)["state"] == "checked"
    assert _ended(first)["new_rows"] == _ended(second)["new_rows"] == 400


def test_the_same_files_twice_change_nothing(stack: Stack, lists: dict[str, Path]) -> None:
    first = {kind: _import(stack, kind, file, "--json") for kind, file in lists.items()}
    second = {kind: _import(stack, kind, file, "--json") for kind, file in lists.items()}

    assert {shown.exit_code for shown in (*first.values(), *second.values())} == {0}
    assert _ended(first["people"])["new_rows"] == 2500
    for kind in lists:
        assert _ended(second[kind])["state"] == "imported"
        assert _ended(second[kind])["unchanged_rows"] == _ended(first[kind])["new_rows"]


def test_each_wrong_line_is_shown_with_its_column_and_reason(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "personen.csv"
    file.write_text(
        "Personennummer;Vorname;Nachname;Geburtsdatum;E-Mail\n"
        "X-1;Anna;Lang;01.02.1960;anna@lang.example\n"
        "X-2;Ben;Kurz;31.02.1960;ben@kurz.example\n"
    )

    refused = _import(stack, "people", file)
    partly = _import(stack, "people", file, "--only-valid")

    assert refused.exit_code == partly.exit_code == 1
    assert "31.02.1960" in refused.stdout
    assert "Geburtsdatum" in refused.stdout
    assert "personen.csv: refused" in refused.stdout
    assert "imported · 1 new · 0 changed · 0 unchanged · 1 rejected" in partly.stdout


def test_what_is_no_list_is_refused_with_a_sentence(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "bild.csv"
    file.write_bytes(b"\x89PNG\x00\x00")

    shown = _import(stack, "people", file)

    assert shown.exit_code == 1
    assert "bild.csv: refused" in shown.stdout
    assert shown.stdout.rstrip().endswith(".")


def test_a_missing_file_is_wrong_usage(stack: Stack, tmp_path: Path) -> None:
    assert _import(stack, "people", tmp_path / "nirgends.csv").exit_code == 2
