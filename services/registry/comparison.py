"""Decides what a source's row, or an edit by hand, changes in the record that is already there.

A field that was changed by hand is remembered with what the source said last (`edited`). An import
leaves it alone as long as the source says the same or something new; it only stops being an edit
when the source has caught up.
"""

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

Changes: TypeAlias = dict[str, tuple[Any, Any]]
"""By field name: what stood there before and what stands there now."""


class Recorded(Protocol):
    """A record as it is stored, with the fields of its rows and what was edited by hand."""

    @property
    def version(self) -> int:
        """How often it was written, from 1."""

    @property
    def edited(self) -> Mapping[str, Any]:
        """By field name, what the source said last, as JSON has it."""


Record = TypeVar("Record", bound=Any)


class Comparison(msgspec.Struct, frozen=True):
    """What a row or an edit makes of a record."""

    changes: Changes
    edited: dict[str, Any]
    """What is to be remembered as edited by hand from now on."""
    kept: Changes
    """Where an edit by hand stays although the source now says something else: ours, theirs."""

    def is_new_to(self, record: Recorded) -> bool:
        """Whether anything has to be written."""
        return bool(self.changes) or self.edited != record.edited


class Change(msgspec.Struct, Generic[Record], frozen=True):
    """A record as it was read and as it is to be written."""

    before: Record
    after: Record
    changes: Changes
    """Empty if only what is remembered of edits by hand is different."""


def compare_with_source(row: msgspec.Struct, record: Recorded) -> Comparison:
    """Return what a source's row changes in the record with the same source number."""
    changes, kept, edited = Changes(), Changes(), dict(record.edited)
    for field in row.__struct_fields__:
        ours, theirs = getattr(record, field), getattr(row, field)
        if field not in edited:
            if ours != theirs:
                changes[field] = (ours, theirs)
        elif ours == theirs:
            del edited[field]
        elif plain(theirs) != edited[field]:
            edited[field] = plain(theirs)
            kept[field] = (ours, theirs)
    return Comparison(changes, edited, kept)


def compare_with_edit(wanted: msgspec.Struct, record: Recorded) -> Comparison:
    """Return what somebody's edit changes in a record; back to the source's word is no edit."""
    changes, edited = Changes(), dict(record.edited)
    for field in wanted.__struct_fields__:
        before, after = getattr(record, field), getattr(wanted, field)
        if before == after:
            continue
        changes[field] = (before, after)
        if edited.setdefault(field, plain(before)) == plain(after):
            del edited[field]
    return Comparison(changes, edited, {})


def changed(record: Record, comparison: Comparison) -> Change[Record]:
    """Return how a comparison changes the record; it has a new version if a field is different."""
    values: dict[str, Any] = {field: after for field, (_, after) in comparison.changes.items()}
    values["edited"] = comparison.edited
    values["version"] = record.version + bool(comparison.changes)
    return Change(record, replace(record, **values), comparison.changes)


def edited_by_hand(row: msgspec.Struct) -> dict[str, Any]:
    """Return the edits of a record that no source has told us of: every field that is filled."""
    values = msgspec.to_builtins(row)
    return {field: value for field, value in values.items() if value and field != "source_number"}


def plain(value: Any) -> Any:
    """Return a value as it comes back from JSON: dates and decimals as text."""
    return msgspec.to_builtins(value)
