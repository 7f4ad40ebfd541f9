"""The base of all asks: a read by id that one service answers another over NATS."""

from typing import Annotated, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

MOST_IDS = 500
"""How many ids one ask may name; a longer list is asked for in parts."""

Ids = Annotated[tuple[UUID, ...], msgspec.Meta(max_length=MOST_IDS)]
Answer = TypeVar("Answer", bound=msgspec.Struct)


class Ask(msgspec.Struct, Generic[Answer], frozen=True, kw_only=True):
    """A question for the owner of some data, answered with one Struct per id that exists.

    A subclass fixes `subject` (`ask.<service>.<noun>.v<n>`) and `answer`, the Struct of one row.
    Unknown ids are left out of the answer; the order of the answer is not promised.
    """

    subject: ClassVar[str]
    answer: ClassVar[type[msgspec.Struct]]

    ids: Ids
