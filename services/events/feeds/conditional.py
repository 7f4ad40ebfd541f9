"""Decides whether a client already has what it asks for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Final

from services.events.feeds.store import Feed

SETTLED: Final = timedelta(seconds=5)
"""How long after a change every process has learnt of it; what was read before may be older."""


def etag(feed: Feed) -> bytes:
    """Return the feed's entity tag: weak, so that it holds for every content coding.

    Source: RFC 9110 8.8.3.3.
    """
    return f'W/"{feed.slug}-{feed.revision}-plain"'.encode()


def last_modified(feed: Feed, now: datetime) -> bytes | None:
    """Return the date that goes with the feed's revision, None until it has passed.

    Source: RFC 9110 8.8.2.2, a date may only be told when nothing can change any more within it.
    """
    return None if now < _settled_at(feed) else _dated(feed)


def is_unchanged(feed: Feed, headers: Mapping[bytes, bytes], now: datetime) -> bool:
    """Say whether the client's copy is the present revision.

    Source: RFC 9110 13.1.2 and 13.1.3, If-Modified-Since counts only without If-None-Match.
    """
    tags = headers.get(b"if-none-match")
    if tags is not None:
        present = etag(feed).removeprefix(b"W/")
        return tags.strip() == b"*" or present in (
            tag.strip().removeprefix(b"W/") for tag in tags.split(b",")
        )
    since = _date(headers.get(b"if-modified-since", b""))
    # A date to come is an invention; believed, it would hide all changes until then.
    return since is not None and _settled_at(feed) <= since <= now


@lru_cache(maxsize=256)
def _dated(feed: Feed) -> bytes:
    return format_datetime(_settled_at(feed), usegmt=True).encode()


def _settled_at(feed: Feed) -> datetime:
    return feed.changed_at.astimezone(UTC).replace(microsecond=0) + SETTLED


def _date(sent: bytes) -> datetime | None:
    try:
        date = parsedate_to_datetime(sent.decode("ascii"))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
