"""The base of all facts: what one service tells the others after it has happened."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time with its offset; a naive value does not decode."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that has happened to one aggregate, told with ids and never with personal data.

    A subclass fixes two things: `subject`, where it travels (`facts.<service>.<fact_name>.v<n>`),
    and `about`, the name of the field that holds the aggregate's id. The fact's own id and time
    travel in the message's headers, so that a consumer cannot invent them.
    """

    subject: ClassVar[str]
    about: ClassVar[str]

    version: int
    """The aggregate's version after the change, counted from 1; consumers drop older ones."""

    @property
    def aggregate_id(self) -> UUID:
        """Return the id of the aggregate that this fact is about."""
        aggregate_id: UUID = getattr(self, self.about)
        return aggregate_id


def catalogue() -> dict[str, type[Fact]]:
    """Return every fact of every publisher by its subject, in alphabetical order."""
    from shared.contracts import courses, events, notifier, recognition, registry  # noqa: F401 - defines them

    return dict(sorted((kind.subject, kind) for kind in _kinds(Fact) if "subject" in vars(kind)))


def _kinds(parent: type[Fact]) -> Iterator[type[Fact]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)
