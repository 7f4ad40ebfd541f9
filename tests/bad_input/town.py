"""All four services as they are, with records, and a visitor who may do everything in them."""

import re
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Litestar

from services.events.app import app_for
from services.events.commands.register_partner import RegisterPartner, register_partner
from services.events.settings import Settings as EventsSettings
from services.notifier.http.routes import ROUTES as NOTIFIER
from services.recognition.app import create as recognition
from services.recognition.honouring.commands.invite_organisations import (
    InviteOrganisations,
    invite_organisations,
)
from services.registry.app import create as registry
from shared.auth import Role, TokenSigner
from shared.database import Connection, transaction
from shared.web import cookies
from shared.web.app import create_app
from tests.bad_input.caller import Answered, Sent, call
from tests.bad_input.corpus import FOREIGN_ID, encoded
from tests.bad_input.routes import SERVICES, Route
from tests.conftest import Database
from tests.events.associations.clubs import a_club
from tests.events.calendars import publish
from tests.events.committees.groups import a_group
from tests.notifier.builders import guest
from tests.notifier.builders import settings as notifier_settings
from tests.notifier.queued import hear
from tests.recognition.honouring import builders as a
from tests.recognition.honouring.pages import invited
from tests.recognition.honouring.settings import settings_for as recognition_settings
from tests.registry.conftest import settings_for as registry_settings
from tests.registry.lists import ROWING_CLUB, a_list, import_list, people
from tests.visitor import PUBLIC_URL, STAFF_KEY, STAFF_PUBLIC_KEY, staff_member, visiting

NOTIFIER_PAGES: Final = Path(__file__).parents[2] / "services" / "notifier" / "pages"
HTML: Final = (b"accept", b"text/html")
_TOKEN: Final = re.compile(rb'<meta name="csrf-token" content="([^"]*)">')
_TABLES: Final = """
    select string_agg(format('coalesce((select count(*) + sum(xmin::text::bigint) from %I.%I), 0)',
                             table_schema, table_name), '+')
    from information_schema.tables
    where table_schema = $1 and table_type = 'BASE TABLE'
"""
Pairs = tuple[tuple[bytes, bytes], ...]


class Town(msgspec.Struct, frozen=True):
    """The services, what stands in them, and the cookies that open everything."""

    apps: dict[str, Litestar]
    inside: dict[str, str]
    """By the name of a path parameter, something that exists."""
    capabilities: dict[str, str]
    looking: Connection
    """As superuser."""
    counts: dict[str, str]
    """By service, the statement that changes its answer with every row that is written."""

    def cookie(self, **changes: bytes) -> Pairs:
        """Return a Cookie header of a visitor with all roles and personal links."""
        member = staff_member(*Role)
        held = {
            cookies.SESSION: b"session-" + member.session_id.hex.encode(),
            cookies.STAFF: TokenSigner(STAFF_KEY, PUBLIC_URL).sign(member).encode(),
            **{f"__Host-{kind}": secret.encode() for kind, secret in self.capabilities.items()},
            **changes,
        }
        return ((b"cookie", b"; ".join(n.encode() + b"=" + v for n, v in held.items())),)

    async def headers(self, service: str) -> Pairs:
        """Return the headers of such a visitor who has just seen a page of the service."""
        held = (*self.cookie(), HTML)
        shown = await call(
            self.apps[service], Sent(method="GET", target=b"/no-such-page", headers=held)
        )
        found = _TOKEN.search(shown.body)
        token = found[1] if found else b""
        return (*held, (b"x-csrf-token", token), (b"origin", PUBLIC_URL.encode()))

    def target(self, route: Route, changed: str = "", to: bytes = b"") -> bytes:
        """Return a route's address with something real in it, or with one bad part."""
        path = route.path.encode()
        for name in route.variables:
            place = route.path.split("/")[1]
            known = self.inside.get(f"{place}/{name}") or self.inside.get(name, FOREIGN_ID)
            real = encoded(known.encode())
            path = path.replace(b"{%s}" % name.encode(), to if name == changed else real)
        return path

    async def faults(self, service: str, requests: Iterable[Sent]) -> list[str]:
        """Send requests one after the other and return what is wrong with the answers."""
        found: list[str] = []
        before: Any = None
        for sent in requests:
            if before is None and sent.method == "POST":
                before = await self.written(service)
            answer = await call(self.apps[service], sent)
            after = await self.written(service) if answer.status >= 400 else None
            wrong = _wrong(sent, answer)
            if None not in (before, after) and after != before:
                wrong.append("something was written")
            if wrong:
                about = f"{sent.method} {sent.target[:150]!r} [{sent.note}]"
                found.append(f"{about}: {answer.status} {', '.join(wrong)}")
            before = after
        return found

    async def written(self, service: str) -> Any:
        """Return a number that is another one after every row that is written."""
        return await self.looking.fetchval(self.counts[service])


def _wrong(sent: Sent, answer: Answered) -> list[str]:
    if answer.status == 503 and "retry-after" in answer.headers:
        return []
    if answer.status < 400 or sent.method == "HEAD":
        return [] if 200 <= answer.status < 500 else ["no answer"]
    wrong = []
    if answer.status >= 500:
        wrong.append("a fault of ours")
    is_page = b"html" in dict(sent.headers).get(b"accept", b"") and not sent.is_for_program
    if answer.kind != ("text/html" if is_page else "application/problem+json"):
        wrong.append(f"answered as {answer.kind or 'nothing'}")
    if is_page and b'lang="de"' not in answer.body and b"hx-request" not in dict(sent.headers):
        wrong.append("not in German")
    return wrong


async def filled(database: Database, stack: AsyncExitStack) -> Town:
    """Start the services and put something into each."""
    looking = await stack.enter_async_context(database.postgres.server_connection(database.name))
    apps = _apps(database)
    for app in apps.values():
        await stack.enter_async_context(visiting(app))
    inside: dict[str, str] = {"kind": "people", "door": "A", "month": "2030-06"}
    for fill in (_registry, _events, _notifier):
        inside |= await fill(database)
    known, capabilities = await _recognition(database)
    associations, links = await _associations(database)
    inside |= associations
    capabilities |= links
    counts = {name: f"select {await looking.fetchval(_TABLES, name)}" for name in SERVICES}
    return Town(apps, inside | known, capabilities, looking, counts)


def _apps(database: Database) -> dict[str, Litestar]:
    events = EventsSettings(
        database_url=database.url("events"),
        nats_url="nats://127.0.0.1:9",
        public_url=PUBLIC_URL,
        staff_token_public_key=STAFF_PUBLIC_KEY,
    )
    notifier = notifier_settings(
        database_url=database.url("notifier"), nats_url="nats://127.0.0.1:9"
    )
    return {
        "registry": registry(registry_settings(database)),
        "recognition": recognition(recognition_settings(database)),
        "events": app_for(events),
        "notifier": create_app(
            service="notifier", settings=notifier, routes=NOTIFIER, pages=NOTIFIER_PAGES
        ),
    }


async def _registry(database: Database) -> dict[str, str]:
    async with database.pool("registry") as pool:
        await import_list(pool, "people", people(1, 2))
        job = await import_list(pool, "organisations", a_list("organisations", ROWING_CLUB))
        return {
            "person_id": str(await pool.fetchval("select person_id from person limit 1")),
            "organisation_id": str(
                await pool.fetchval("select organisation_id from organisation limit 1")
            ),
            "import_id": str(job.import_id),
        }


async def _events(database: Database) -> dict[str, str]:
    async with database.pool("events") as pool:
        event = await publish(pool)
        async with transaction(pool) as opened:
            await register_partner(opened, RegisterPartner("theater", "Theater", "A" * 56))
    known = str(event.calendar_event_id)
    return {"calendar_event_id": known, "name": "theater", "file": "termine.ics"}


async def _associations(database: Database) -> tuple[dict[str, str], dict[str, str]]:
    async with database.pool("events") as pool:
        club, group = await a_club(pool), await a_group(pool)
    known = {
        "organiser_id": str(club.association.organiser_id),
        "committee_id": str(group.committee_id),
        "member_id": str(group.member_id),
        "kalender/token": group.token,
    }
    return known, {"submission": club.token}


async def _notifier(database: Database) -> dict[str, str]:
    async with database.pool("notifier") as pool:
        await hear(pool, guest())
        return {"message_id": str(await pool.fetchval("select message_id from message limit 1"))}


async def _recognition(database: Database) -> tuple[dict[str, str], dict[str, str]]:
    async with database.pool("recognition") as pool:
        concert = await invited(pool)
        async with transaction(pool) as opened:
            nominating = await a.opened(opened)
            members = [await a.person(opened, f"Grit Mitglied{number}") for number in range(2)]
            club = await a.association(opened, members=members, quota=(nominating, 2))
            proposals = await a.proposed(opened, nominating, members[:1])
            (link,) = await invite_organisations(
                opened, InviteOrganisations(honouring_event_id=nominating, organisation_id=club)
            )
        draw: UUID = await pool.fetchval("select lottery_draw_id from lottery_draw limit 1")
    known = {
        "event_id": str(concert.event_id),
        "invitation_id": str(concert.letters[0].invitation_id),
        "draw_id": str(draw),
        "proposal_id": str(proposals[0]),
        "token": concert.letters[0].link_token,
    }
    return known, {"invitation": concert.letters[0].link_token, "organisation": link.token}
