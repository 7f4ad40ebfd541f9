"""Wires recognition together: its settings, routes, subscriptions, answers and timers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from litestar import Litestar

from services.recognition.answers import answers
from services.recognition.honouring.commands.expire_invitations import (
    ExpireInvitations,
    expire_invitations,
)
from services.recognition.honouring.commands.lapse_offers import LapseOffers, lapse_offers
from services.recognition.honouring.commands.remind_late_organisations import (
    RemindLateOrganisations,
    remind_late_organisations,
)
from services.recognition.honouring.http import (
    asking,
    association,
    association_code,
    changes,
    clerk_answers,
    doors,
    event_api,
    events,
    guest_api,
    guest_list,
    guests,
    proposals,
    quotas,
    selection,
    waves,
)
from services.recognition.honouring.store import forgetting, links, pace
from services.recognition.honouring.tickets import TicketKeys, ticket_keys
from services.recognition.subscriptions import subscriptions
from shared.database import transaction
from shared.process import Parts, Worker
from shared.settings import ServiceSettings, from_environment
from shared.timers import Timer, forget
from shared.web.app import create_app

PAGES = Path(__file__).parent / "honouring" / "pages"
ROUTES = [
    *events.ROUTES,
    *event_api.ROUTES,
    *changes.ROUTES,
    *quotas.ROUTES,
    *asking.ROUTES,
    *proposals.ROUTES,
    *selection.ROUTES,
    *waves.ROUTES,
    *guest_list.ROUTES,
    *association.ROUTES,
    *association_code.ROUTES,
    *guests.ROUTES,
    *guest_api.ROUTES,
    *clerk_answers.ROUTES,
    *doors.ROUTES,
]
LAPSE_SECONDS = 5.0
EXPIRE_SECONDS = 60.0
REMIND_SECONDS = 60.0


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """What recognition needs to know besides what every service does."""

    ticket_private_key: str
    """Ed25519 private key in PEM that signs tickets."""
    retired_ticket_public_keys: str = ""
    """Public keys in PEM, one after the other, of tickets that were signed earlier."""

    @property
    def ticket_keys(self) -> TicketKeys:
        """Return the keys that sign and verify tickets."""
        return ticket_keys(self.ticket_private_key, *_blocks(self.retired_ticket_public_keys))


def api() -> Litestar:
    """Build the HTTP application from the environment."""
    return create(from_environment(Settings))


def create(settings: Settings) -> Litestar:
    """Build the HTTP application."""
    keys = settings.ticket_keys

    @asynccontextmanager
    async def know_ticket_keys(app: Litestar) -> AsyncIterator[None]:
        app.state.ticket_keys = keys
        yield

    return create_app(
        service="recognition",
        settings=settings,
        routes=ROUTES,
        pages=PAGES,
        lifespan=[know_ticket_keys],
    )


def _timers(parts: Parts) -> Sequence[Timer]:
    async def lapse() -> int:
        async with transaction(parts.pool) as opened:
            return await lapse_offers(opened, LapseOffers())

    async def expire() -> int:
        async with transaction(parts.pool) as opened:
            return await expire_invitations(opened, ExpireInvitations())

    async def remind() -> int:
        async with transaction(parts.pool) as opened:
            return await remind_late_organisations(opened, RemindLateOrganisations())

    return [
        Timer("lapse_offers", LAPSE_SECONDS, lapse),
        Timer("expire_invitations", EXPIRE_SECONDS, expire),
        Timer("remind_late_organisations", REMIND_SECONDS, remind),
        forget("forget_links", parts.pool, links.forget_ended),
        forget("forget_pace", parts.pool, pace.forget),
        forget("forget_needs", parts.pool, forgetting.forget_needs),
        forget("forget_answers", parts.pool, forgetting.forget_answers),
        forget("forget_companions", parts.pool, forgetting.forget_companions),
        forget("forget_holders", parts.pool, forgetting.forget_holders),
        forget("forget_refused_scans", parts.pool, forgetting.forget_refused_scans),
    ]


def _blocks(pem: str) -> list[str]:
    end = "-----END PUBLIC KEY-----"
    return [block.strip() + "\n" + end for block in pem.split(end) if block.strip()]


WORKER = Worker(
    subscriptions=lambda parts: subscriptions(parts.asks),
    answers=lambda parts: answers(parts.pool, parts.settings.ticket_keys),
    timers=_timers,
)
