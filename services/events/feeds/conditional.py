"""Decides whether a client already has what it asks for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from services.events.feeds.standing import Moment
from services.events.feeds.variant import Variant

SETTLED: Final = timedelta(seconds=5)
"""How long after a change every process has learnt of it; what was read before may be older."""


def etag(slug: str, moment: Moment, variant: Variant) -> bytes:
    """Return the feed's entity tag: weak, so that it holds for every content coding.

    The time stands in it beside the number, for a database that is brought back counts again from
    an older number.
    Source: RFC 9110 8.8.3.3.
    """
    at = moment.changed_at.timestamp()
    return f'W/"{slug}-{moment.revision}-{at:.0f}{variant.tag}"'.encode()


def last_modified(moment: Moment, now: datetime) -> bytes | None:
    """Return the date that goes with a revision, None until it has passed.

    Source: RFC 9110 8.8.2.2, a date may only be told when nothing can change any more within it.
    """
    return None if now < _settled_at(moment) else _dated(moment)


def is_unchanged(tag: bytes, moment: Moment, headers: Mapping[bytes, bytes], now: datetime) -> bool:
    """Say whether the client's copy is that with this tag and of this moment.

    Source: RFC 9110 13.1.2 and 13.1.3, If-Modified-Since counts only without If-None-Match.
    """
    tags = headers.get(b"if-none-match")
    if tags is not None:
        present = tag.removeprefix(b"W/")
        return tags.strip() == b"*" or present in (
            each.strip().removeprefix(b"W/") for each in tags.split(b",")
        )
    since = _date(headers.get(b"if-modified-since", b""))
    # A date to come is an invention; believed, it would hide all changes until then.
    return since is not None and _settled_at(moment) <= since <= now


@lru_cache(maxsize=256)
def _dated(moment: Moment) -> bytes:
    return format_datetime(_settled_at(moment), usegmt=True).encode()


def _settled_at(moment: Moment) -> datetime:
    return moment.changed_at.astimezone(UTC).replace(microsecond=0) + SETTLED


def _date(sent: bytes) -> datetime | None:
    try:
        date = parsedate_to_datetime(sent.decode("ascii"))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
