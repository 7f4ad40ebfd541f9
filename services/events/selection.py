"""Knows which events somebody wants to see: the filters of lists and of feeds alike."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from services.events.need import Need
from shared.errors import Malformed

MOST_CHOICES: Final = 20
MOST_WORDS: Final = 8
MOST_CHARACTERS: Final = 100
_DIGEST_BYTES: Final = 10

Key = TypeVar("Key", str, UUID)


class Selection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A choice of events (Auswahl): of each list one must fit, of words and needs all of them.

    Lists and words are sorted and free of doubles, so equal choices are equal and have one address.
    A new field must have a default, or the addresses of all composed feeds would change.
    """

    categories: tuple[str, ...] = ()
    """Codes."""
    audiences: tuple[str, ...] = ()
    """Codes."""
    districts: tuple[str, ...] = ()
    """Slugs."""
    places: tuple[UUID, ...] = ()
    organisers: tuple[UUID, ...] = ()
    words: tuple[str, ...] = ()
    """In lower case; looked for in title, description, place and organiser."""
    is_step_free: bool = False
    """Only at places that are known to be without steps."""
    has_hearing_loop: bool = False
    """Only at places that are known to have a hearing loop."""
    has_wheelchair_places: bool = False
    """Only at places that are known to have wheelchair places."""
    hides_cancelled: bool = False
    """Without what has been cancelled."""

    @property
    def row(self) -> tuple[object, ...]:
        """Return all but the words as PostgreSQL's type `event_selection`."""
        return (
            self.categories,
            self.audiences,
            self.districts,
            self.places,
            self.organisers,
            self.is_step_free,
            self.has_hearing_loop,
            self.has_wheelchair_places,
        )

    @property
    def patterns(self) -> list[str]:
        """Return the words as patterns of LIKE, each anywhere in a lower-case text."""
        return [pattern(word) for word in self.words]

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is left out."""
        return self == EVERYTHING


EVERYTHING: Final = Selection()


def canonical(selection: Selection) -> Selection:
    """Return the selection in the one form in which it is stored and has its address.

    Raises:
        Malformed: more is chosen than anybody could want; names the field.
    """
    words = tuple(" ".join(selection.words).lower().split())
    if len(words) > MOST_WORDS or sum(map(len, words)) > MOST_CHARACTERS:
        raise Malformed(f"Bitte suchen Sie nach höchstens {MOST_WORDS} Wörtern.", "suche")
    return msgspec.structs.replace(
        selection,
        categories=_sorted(selection.categories, "rubrik"),
        audiences=_sorted(selection.audiences, "zielgruppe"),
        districts=_sorted(selection.districts, "stadtteil"),
        places=_sorted(selection.places, "ort"),
        organisers=_sorted(selection.organisers, "veranstalter"),
        words=tuple(sorted(set(words))),
    )


def needing(selection: Selection, needs: Iterable[Need]) -> Selection:
    """Return a selection that is narrowed to places that meet all these needs."""
    return msgspec.structs.replace(selection, **{need.field: True for need in needs})


def composed_slug(selection: Selection) -> str:
    """Return the slug of the feed of a canonical selection: `k-` and 16 signs, for ever."""
    digest = hashlib.sha256(msgspec.json.encode(selection)).digest()[:_DIGEST_BYTES]
    return f"k-{base64.b32encode(digest).decode().lower()}"


def pattern(word: str) -> str:
    """Return the LIKE pattern for a word anywhere in a lower-case text."""
    escaped = word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _sorted(keys: Sequence[Key], field: str) -> tuple[Key, ...]:
    found = tuple(sorted(set(keys)))
    if len(found) > MOST_CHOICES:
        raise Malformed(f"Bitte wählen Sie höchstens {MOST_CHOICES} aus.", field)
    return found
