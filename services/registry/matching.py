"""Matches the rows of a source with the records that are there: new, changed or as before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import msgspec

from services.registry import findings
from services.registry.columns import Problem, Table
from services.registry.comparison import Change, Comparison, Recorded, changed, compare_with_source
from services.registry.findings import Finding

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Recorded)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an import makes of some rows, the same for a dry run as for a real one."""

    new: int
    changed: int
    unchanged: int
    rejected: int = 0
    findings: tuple[Finding, ...] = ()


class Matched(msgspec.Struct, Generic[Row, Record], frozen=True):
    """The rows of a source, sorted out."""

    new: list[Row]
    changed: list[Change[Record]]
    """Records that change, or whose edits by hand are remembered differently."""
    outcome: Outcome

    @property
    def told(self) -> list[Change[Record]]:
        """Return the changes that others see: records with a new version."""
        return [change for change in self.changed if change.changes]


def match(
    table: Table, rows: Mapping[int, Row], known: Mapping[str, Record]
) -> Matched[Row, Record]:
    """Sort out rows; one that does not go together with somebody's edit is rejected.

    Args:
        table: names the columns in what is found.
        rows: by line; each has a source number of its own.
        known: the records with these source numbers.
    """
    new: list[Row] = []
    changes: list[Change[Record]] = []
    remarks: list[Finding] = []
    rejected = 0
    for line, row in rows.items():
        said: Any = row
        record = known.get(said.source_number)
        if record is None:
            new.append(row)
            continue
        comparison = compare_with_source(said, record)
        if not comparison.is_new_to(record):
            continue
        change = changed(record, comparison)
        problems = table.check(change.after, date.max)
        remarks += _remarks(table, line, comparison, problems)
        rejected += bool(problems)
        changes += [] if problems else [change]
    told = sum(bool(change.changes) for change in changes)
    unchanged = len(rows) - len(new) - told - rejected
    outcome = Outcome(
        new=len(new),
        changed=told,
        unchanged=unchanged,
        rejected=rejected,
        findings=tuple(remarks),
    )
    return Matched(new, changes, outcome)


def _remarks(
    table: Table, line: int, comparison: Comparison, problems: Sequence[Problem]
) -> list[Finding]:
    if problems:
        return [findings.rejection(table, line, problem) for problem in problems]
    return [
        *(findings.change(table, line, *change) for change in comparison.changes.items()),
        *(findings.kept_edit(table, line, *kept) for kept in comparison.kept.items()),
    ]
