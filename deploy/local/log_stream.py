"""Follows the parts' log files and makes one readable stream of them."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

LOOK_SECONDS = 0.2
LARGEST_BYTES = 10 * 1024 * 1024
NOT_SHOWN = {"timestamp", "level", "event", "service", "process", "trace"}
"""Fields of a JSON line that its prefix tells already, or that only a search needs."""

Show = Callable[[str, str], None]
"""Is given a part's name and a line of its log."""


class LogStream:
    """Shows what is appended to log files from now on, line by line."""

    def __init__(self, logs: Mapping[str, Path], show: Show) -> None:
        """Begin at the present end of each file, by part."""
        self._show = show
        self._places = {log: _size(log) for log in logs.values()}
        self._parts = {log: part for part, log in logs.items()}
        self._rests: dict[Path, bytes] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="logs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Show what is left and end."""
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._look()
        self._look()

    def _look(self) -> None:
        for log, place in self._places.items():
            size = _size(log)
            if size != place:
                self._read(log, place if size > place else 0)

    def _read(self, log: Path, place: int) -> None:
        with log.open("rb") as file:
            file.seek(place)
            new = file.read()
        self._places[log] = place + len(new)
        *lines, rest = (self._rests.get(log, b"") + new).split(b"\n")
        self._rests[log] = rest
        for line in lines:
            if text := readable(line.decode(errors="replace").rstrip()):
                self._show(self._parts[log], text)


def readable(line: str) -> str:
    """Put a JSON line into words: level, event, then the fields; leave others as they are."""
    if not line.startswith("{"):
        return line
    try:
        fields: dict[str, Any] = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return line
    told = [f"{name}={value}" for name, value in fields.items() if name not in NOT_SHOWN]
    head = f"{str(fields.get('level', '')).upper():<8}{fields.get('event', '')}"
    return " ".join([head, *told]).strip()


def set_aside(log: Path) -> None:
    """Begin a log anew that has grown large; the old one stays beside it as `.1`."""
    if _size(log) > LARGEST_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0
