"""What is known about the picture of an event."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final
from uuid import UUID

import msgspec

from shared.errors import Malformed, NotFound

MOST_BYTES: Final = 5 * 1024 * 1024
"""Of an upload."""
MOST_DRAWN_BYTES: Final = 1_000_000
"""Of what is made of it and shown."""
LICENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "own": "eigene Aufnahme",
        "cc0": "CC0",
        "cc-by-4.0": "CC BY 4.0",
        "cc-by-sa-4.0": "CC BY-SA 4.0",
        "permission": "mit Genehmigung",
    }
)
"""Under what a picture may be shown, by code."""
LICENCE_PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cc0": "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
        "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/deed.de",
        "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
    }
)


class PictureWords(msgspec.Struct, frozen=True, kw_only=True):
    """What must be said beside a picture."""

    alt: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    """What is on it, for those who cannot see it."""
    licence: str
    """Code of the controlled list."""
    credit: Annotated[str, msgspec.Meta(max_length=300)] = ""
    """Who made it."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it was made anew: no metadata, no more than it takes."""

    media_type: str
    width: int
    height: int
    body: bytes


class Picture(PictureWords, frozen=True, kw_only=True):
    """The picture of an event, without its bytes."""

    event_image_id: UUID
    media_type: str
    width: int
    height: int

    @property
    def licence_title(self) -> str:
        """Return the licence as people read it."""
        return LICENCES.get(self.licence, self.licence)

    @property
    def licence_page(self) -> str:
        """Return where the licence can be read; empty where there is no such page."""
        return LICENCE_PAGES.get(self.licence, "")

    @property
    def path(self) -> str:
        """Return where its bytes are."""
        return f"/bilder/{self.event_image_id}"


class PictureUnreadable(Malformed):
    """What was sent is no picture that can be shown."""

    def __init__(self) -> None:
        super().__init__(
            "Diese Datei lässt sich nicht als Bild lesen. Bitte ein JPEG, PNG oder WebP mit "
            "höchstens 50 Megapixeln.",
            "file",
        )


class PictureTooHeavy(Malformed):
    """The file is larger than what is taken."""

    def __init__(self) -> None:
        super().__init__("Bitte ein Bild mit höchstens 5 MB.", "file")


class PictureUnknown(NotFound):
    """There is no such picture, or not for this visitor."""

    def __init__(self) -> None:
        super().__init__("Dieses Bild gibt es nicht.")


def checked_words(words: PictureWords) -> PictureWords:
    """Return `words` if they are enough.

    Raises:
        Malformed: names the first field that is not.
    """
    if not words.alt.strip():
        raise Malformed("Bitte beschreiben Sie, was zu sehen ist.", "alt")
    if words.licence not in LICENCES:
        raise Malformed("Diese Lizenz gibt es nicht.", "licence")
    if words.licence not in {"own", "cc0"} and not words.credit.strip():
        raise Malformed("Bei dieser Lizenz muss die Urheberin oder der Urheber stehen.", "credit")
    return words
