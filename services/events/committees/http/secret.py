"""What a member's secret link opens: a page with the committee's dates, and their feed."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath

from services.events.committees.model import Committee
from services.events.committees.store import meetings, members
from services.events.committees.store.members import Holder
from services.events.content import DEFAULT_ZONE
from services.events.feeds.conditional import etag, is_unchanged, last_modified
from services.events.feeds.standing import Moment
from services.events.feeds.variant import PLAIN
from services.events.ical.calendar import CONTENT_TYPE, FeedHeader, feed
from services.events.settings import Settings
from services.events.wording import STATES, when_dated
from shared.database import Connection
from shared.web.access import PUBLIC
from shared.web.capability import check_misses, missed
from shared.web.pages import page
from shared.web.request import Request
from shared.web.tokens import hash_token

HERE: Final = "/kalender/geheim"
SUFFIX: Final = ".ics"
MOST_DATES: Final = 24
COLOUR: Final = ("#4a148c", "indigo")
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_QUIETLY: Final = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}


@get(f"{HERE}/{{token:str}}", opt=PUBLIC)
async def get_secret(request: Request, token: FromPath[str]) -> Response[Any]:
    """Answer with a committee's dates, `….ics` as a feed: unknown and revoked look the same."""
    check_misses(request)
    secret = token.removesuffix(SUFFIX)
    async with request.pool.acquire() as connection:
        known = SECRET.fullmatch(secret)
        holder = await members.find_holder(connection, hash_token(secret)) if known else None
        if holder is None:
            raise missed(request)
        if token.endswith(SUFFIX):
            return await _feed(request, connection, holder, secret)
        return await _page(request, connection, holder, secret)


async def _page(
    request: Request, connection: Connection, holder: Holder, secret: str
) -> Response[str]:
    committee = holder.committee
    found = await meetings.meetings(
        connection, committee.committee_id, datetime.now(UTC), MOST_DATES
    )
    address = _address(request, secret)
    shown = page(
        request,
        "gremium_termine.html",
        committee=committee,
        member_name=holder.member_name,
        dates=[(dated, when_dated(dated)) for dated in found],
        states=STATES,
        feed_url=address + SUFFIX,
        subscribe_url="webcal://" + address.partition("://")[2] + SUFFIX,
    )
    shown.headers.update(_QUIETLY)
    return shown


async def _feed(
    request: Request, connection: Connection, holder: Holder, secret: str
) -> Response[bytes]:
    committee, moment, now = holder.committee, holder.moment, datetime.now(UTC)
    tag = etag(f"gremium-{committee.committee_id}", moment, PLAIN)
    headers = _feed_headers(tag, moment, now)
    if is_unchanged(tag, moment, dict(request.scope["headers"]), now):
        return Response(b"", status_code=304, headers=headers, media_type="")
    # Read after the revision, so they may be newer than it says, never older.
    found = await meetings.written(connection, committee.committee_id)
    header = _header(committee, moment, _address(request, secret))
    body = feed(header, found.zones, found.vevents)
    return Response(body, headers={**headers, "content-type": CONTENT_TYPE})


def _feed_headers(tag: bytes, moment: Moment, now: datetime) -> dict[str, str]:
    headers = {**_QUIETLY, "cache-control": "private, max-age=300", "etag": tag.decode()}
    dated = last_modified(moment, now)
    return headers if dated is None else {**headers, "last-modified": dated.decode()}


def _header(committee: Committee, moment: Moment, address: str) -> FeedHeader:
    return FeedHeader(
        title=committee.name,
        description="Nur für Mitglieder. Bitte geben Sie die Adresse nicht weiter.",
        zone=DEFAULT_ZONE,
        colour=COLOUR[0],
        colour_name=COLOUR[1],
        feed_url=address + SUFFIX,
        page_url=address,
        changed_at=moment.changed_at,
    )


def _address(request: Request, secret: str) -> str:
    settings: Settings = request.app.state.settings
    return f"{settings.public_url}{HERE}/{secret}"


ROUTES: Final = [get_secret]
