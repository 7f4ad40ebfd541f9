"""Reads and writes the pictures of events."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.events.images.picture import Drawn, Picture, PictureWords
from shared.database import Connection


class PictureBody(msgspec.Struct, frozen=True):
    """The bytes of a picture, and whether everybody may see them."""

    media_type: str
    body: bytes
    is_public: bool


async def add_picture(transaction: Connection, drawn: Drawn, words: PictureWords) -> UUID:
    """Keep a picture and return its id."""
    added: UUID = await transaction.fetchval(
        """
        insert into event_image (media_type, width, height, body, alt, licence, credit)
        values ($1, $2, $3, $4, $5, $6, $7)
        returning event_image_id
        """,
        drawn.media_type,
        drawn.width,
        drawn.height,
        drawn.body,
        words.alt,
        words.licence,
        words.credit,
    )
    return added


async def save_words(transaction: Connection, event_image_id: UUID, words: PictureWords) -> None:
    """Write what is said beside a picture."""
    await transaction.execute(
        """
        update event_image
        set (alt, licence, credit) = row ($2, $3, $4)
        where event_image_id = $1
        """,
        event_image_id,
        words.alt,
        words.licence,
        words.credit,
    )


async def find_picture(connection: Connection, event_image_id: UUID) -> Picture | None:
    """Return a picture without its bytes, None if there is none."""
    row = await connection.fetchrow(
        """
        select alt, licence, credit, event_image_id, media_type, width, height
        from event_image
        where event_image_id = $1
        """,
        event_image_id,
    )
    return Picture(**row) if row else None


async def known_pictures(
    connection: Connection, event_image_ids: Sequence[UUID]
) -> dict[UUID, Picture]:
    """Return pictures without their bytes, by id."""
    if not event_image_ids:
        return {}
    rows = await connection.fetch(
        """
        select alt, licence, credit, event_image_id, media_type, width, height
        from event_image
        where event_image_id = any($1)
        """,
        event_image_ids,
    )
    return {row["event_image_id"]: Picture(**row) for row in rows}


async def find_body(connection: Connection, event_image_id: UUID) -> PictureBody | None:
    """Return the bytes of a picture; everybody may see what a public event shows."""
    row = await connection.fetchrow(
        """
        select media_type, body, exists (
            select from calendar_event
            where calendar_event.event_image_id = event_image.event_image_id
            and state in ('published', 'cancelled', 'postponed')
            and visibility <> 'committee'
        ) as is_public
        from event_image
        where event_image_id = $1
        """,
        event_image_id,
    )
    return PictureBody(*row) if row else None


async def forget_unused(transaction: Connection, before: datetime, most: int) -> int:
    """Delete up to `most` pictures from before that no event names, nor its history."""
    gone = await transaction.fetch(
        """
        delete from event_image
        where event_image_id in (
            select event_image_id
            from event_image
            where added_at < $1
            and not exists (
                select from calendar_event
                where calendar_event.event_image_id = event_image.event_image_id
            )
            and not exists (
                select from event_revision
                where content ->> 'event_image_id' = event_image.event_image_id::text
            )
            order by added_at
            limit $2
        )
        returning event_image_id
        """,
        before,
        most,
    )
    return len(gone)
