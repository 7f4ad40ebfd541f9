"""An editor corrects what is said beside the picture of an event."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.events.images.picture import PictureUnknown, PictureWords, checked_words
from services.events.keeping import write_public
from services.events.model import require_editable
from services.events.site import Site
from services.events.store import pictures
from services.events.store.seen import lock_seen
from shared.database import Connection


class DescribePicture(msgspec.Struct, frozen=True):
    """What is said beside the picture of an event from now on."""

    calendar_event_id: UUID
    expected_version: int
    words: PictureWords


async def describe_picture(
    transaction: Connection, command: DescribePicture, site: Site, now: datetime
) -> None:
    """Write what is said beside a picture; the event's version stays, for it says the same.

    Raises:
        EventUnknown: there is no such event.
        StaleVersion: it has changed since its editor has read it.
        KeptElsewhere: it belongs to a honouring event.
        KeptWithCourse: it belongs to a run of a course.
        AlreadyCancelled: it will not take place.
        PictureUnknown: it has no picture.
        Malformed: something that must be said beside the picture is missing.
    """
    event = await lock_seen(transaction, command)
    require_editable(event)
    if event.event_image_id is None:
        raise PictureUnknown
    await pictures.save_words(transaction, event.event_image_id, checked_words(command.words))
    if event.is_public:
        await write_public(transaction, [event], site, now)
