"""What goes wrong when parts are started, told so that a person knows what to do next."""

from pathlib import Path

from deploy.local.server import LOG_LINES_SHOWN


class PartFailed(RuntimeError):
    """A part did not start; says which one, why, what its log says last, and the remedy."""

    def __init__(self, part: str, reason: str, remedy: str, log: Path | None = None) -> None:
        self.part = part
        self.reason = reason
        self.remedy = remedy
        self.log = log
        super().__init__("\n".join([f"{part}: {reason}", *self._log_text(), f"Remedy: {remedy}"]))

    def _log_text(self) -> list[str]:
        if self.log is None:
            return []
        lines = log_end(self.log)
        return [f"Log: {self.log}", *(f"    {line}" for line in lines)]


class Cancelled(RuntimeError):
    """The start was called off before it was through."""


class AlreadyRunning(RuntimeError):
    """Another run uses the same folder."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid = pid
        super().__init__(
            f"Ehrensache already runs on {folder} (process {pid}). "
            f"Stop that run with Ctrl-C, or with: kill {pid}"
        )


def log_end(log: Path, lines: int = LOG_LINES_SHOWN) -> list[str]:
    """Return the last lines of a log; none if it cannot be read."""
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        return []
