"""What a store takes from the rows of a statement, and whether the statement's columns fit it."""

import msgspec


class Made(msgspec.Struct, frozen=True):
    """A Struct that is made from a row, or from a part of it."""

    name: str
    fields: list[str]
    """Those that the row fills, in their order."""
    required: frozenset[str]
    until: int | None = None
    """Only the row's first columns, so many; None: all."""
    is_by_name: bool = False


class Uses(msgspec.Struct):
    """What a store takes from the rows of one statement."""

    names: set[str] = msgspec.field(default_factory=set)
    places: set[int] = msgspec.field(default_factory=set)
    widths: set[int] = msgspec.field(default_factory=set)
    """Into how many variables a row is unpacked."""
    made: list[Made] = msgspec.field(default_factory=list)
    unseen: list[str] = msgspec.field(default_factory=list)
    """Uses that are not understood."""

    def misfits(self, columns: list[str]) -> list[str]:
        """Say what does not fit the columns of the statement; empty if all does."""
        wrong = [f"no column is named {name}" for name in sorted(self.names - {*columns})]
        wrong += [f"there is no column {place}" for place in self.places if place >= len(columns)]
        wrong += [
            f"{len(columns)} columns are unpacked into {width}"
            for width in self.widths
            if width != len(columns)
        ]
        wrong += [
            f"{columns[: made.until]} is not {made.name}: {made.fields}"
            for made in self.made
            if not _fits(columns[: made.until], made)
        ]
        return wrong + self.unseen


def _fits(columns: list[str], made: Made) -> bool:
    if made.is_by_name:
        return {*columns} <= {*made.fields} and made.required <= {*columns}
    return columns == made.fields
