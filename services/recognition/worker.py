"""Wires recognition's worker together: subscriptions, answers and timers."""

from collections.abc import Sequence

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
from services.recognition.honouring.store import forgetting, links, pace
from services.recognition.subscriptions import subscriptions
from shared.database import transaction
from shared.timers import Timer, forget
from shared.worker import Parts, Worker

LAPSE_SECONDS = 5.0
EXPIRE_SECONDS = 60.0
REMIND_SECONDS = 60.0


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


WORKER = Worker(
    subscriptions=lambda parts: subscriptions(parts.asks),
    answers=lambda parts: answers(parts.pool, parts.settings.ticket_keys),
    timers=_timers,
)
