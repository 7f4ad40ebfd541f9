"""Uploaded pictures are made anew from their pixels, or refused."""

import pytest

from services.events.images.picture import (
    MOST_BYTES,
    PictureTooHeavy,
    PictureUnreadable,
    PictureWords,
    checked_words,
)
from services.events.images.redrawing import redraw
from shared.errors import Malformed
from tests.events.images.files import bomb, opened, photograph, picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_pictures_of_known_kinds_become_webp(kind: str) -> None:
    drawn = await redraw(picture(kind))

    shown = opened(drawn.body)
    assert (shown.format, shown.size) == ("WEBP", (640, 480))
    assert (drawn.media_type, drawn.width, drawn.height) == ("image/webp", 640, 480)


async def test_a_photograph_stands_upright_and_tells_nothing_about_its_maker() -> None:
    sent = photograph()

    drawn = await redraw(sent)

    shown = opened(drawn.body)
    assert b"geheim" in sent
    assert shown.size == (480, 640)
    assert not shown.getexif()
    assert set(shown.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"geheim" not in drawn.body


async def test_a_large_picture_is_made_smaller() -> None:
    drawn = await redraw(picture(size=(4_000, 1_000)))

    assert (drawn.width, drawn.height) == (1_600, 400)
    assert len(drawn.body) <= 1_000_000


async def test_what_is_see_through_stays_so() -> None:
    drawn = await redraw(picture("PNG", mode="RGBA"))

    assert opened(drawn.body).mode in {"RGBA", "RGB"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"kein Bild", b"\xff\xd8\xff\xe0", picture("GIF"), picture("TIFF"), picture()[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ],
    ids=["empty", "text", "start", "gif", "tiff", "cut", "svg"],
)  # fmt: skip
async def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(PictureUnreadable) as refusal:
        await redraw(body)

    assert refusal.value.field == "file"


async def test_a_bomb_is_refused_and_the_next_picture_is_taken() -> None:
    with pytest.raises(PictureUnreadable):
        await redraw(bomb())

    assert (await redraw(picture())).width == 640


async def test_more_than_five_megabytes_are_refused() -> None:
    with pytest.raises(PictureTooHeavy):
        await redraw(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("alt", "licence", "credit", "field"),
    [(" ", "own", "", "alt"), ("Chor", "gpl", "", "licence"), ("Chor", "cc-by-4.0", " ", "credit")],
)
def test_a_picture_says_what_it_must(alt: str, licence: str, credit: str, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        checked_words(PictureWords(alt=alt, licence=licence, credit=credit))

    assert refusal.value.field == field
