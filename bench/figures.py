"""A figure beside its bound from the same run, and the budget that it is held against."""

from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report."""

    what: str
    value: float
    unit: str
    bound: float | None = None
    """The same work done as barely as possible, in the same unit, in the same run."""
    bound_is: str = ""
    cpu_ms: float | None = None
    """Processor time of the measured processes for one of them, which a busy machine changes less
    than the rate."""
    budget: str = ""
    is_kept: bool | None = None
    """Whether the budget of design.md is kept; None where there is none."""

    def line(self) -> str:
        """Return the figure as a row of the report's table."""
        bound = f"{_short(self.bound)} {self.bound_is}" if self.bound else "–"
        ratio = f"{self.value / self.bound:.2f}" if self.bound else "–"
        kept = {True: "kept", False: "MISSED", None: ""}[self.is_kept]
        cpu = f"{_short(self.cpu_ms)} ms" if self.cpu_ms else ""
        value = f"{_short(self.value)} {self.unit}"
        cells = [self.what, value, bound, ratio, cpu, self.budget, kept]
        return f"| {' | '.join(cells)} |"


def table(figures: Sequence[Figure]) -> str:
    """Return all figures as a Markdown table."""
    titles = ["what", "figure", "bound, same run", "ratio", "CPU each", "budget", ""]
    head = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    return "\n".join([*head, *(figure.line() for figure in figures)])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - digits to show
