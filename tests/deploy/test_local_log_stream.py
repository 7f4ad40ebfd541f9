"""One readable stream of many log files."""

from pathlib import Path

import pytest

from deploy.local.log_stream import LARGEST_BYTES, LogStream, readable, set_aside


def test_lines_are_shown_whole_with_the_name_of_their_part(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    first.write_text("before\n")
    stream = LogStream({"first": first, "second": second}, lambda *line: shown.append(line))

    with first.open("a") as log:
        log.write("half ")
        log.flush()
        log.write("a line\nrest")
    second.write_text("Größe\n\n")
    stream.close()

    assert sorted(shown) == [("first", "half a line"), ("second", "Größe")]


def test_a_file_that_begins_anew_is_read_from_its_start(tmp_path: Path) -> None:
    shown: list[tuple[str, str]] = []
    log = tmp_path / "log"
    log.write_text("a long line of an earlier run\n")
    stream = LogStream({"part": log}, lambda *line: shown.append(line))

    log.write_text("new\n")
    stream.close()

    assert shown == [("part", "new")]


def test_a_log_that_has_grown_large_is_set_aside(tmp_path: Path) -> None:
    small, large = tmp_path / "small.log", tmp_path / "large.log"
    small.write_text("x")
    large.write_bytes(b"x" * (LARGEST_BYTES + 1))

    set_aside(small)
    set_aside(large)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.log.1", "small.log"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"level": "info", "event": "ready", "port": 1}', "INFO    ready port=1"),
        (
            '{"level": "error", "event": "x", "timestamp": "t", "service": "s", "process": "p"}',
            "ERROR   x",
        ),
        ("plain text", "plain text"),
        ('{"broken', '{"broken'),
    ],
)
def test_json_is_put_into_words(line: str, words: str) -> None:
    assert readable(line) == words
