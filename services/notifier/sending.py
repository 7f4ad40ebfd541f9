"""Sends mails: claims a few, writes each from current data, hands it over, notes the outcome."""

import asyncio
import os
import socket
import time
from collections.abc import Coroutine, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import asyncpg
import msgspec
from prometheus_client import Counter

from services.notifier import course_mails, gathering, guest_mails, mail
from services.notifier.commands.accept_mail import AcceptMail, accept_mail
from services.notifier.commands.refuse_mail import RefuseMail, refuse_mail
from services.notifier.course_mails import Registrations
from services.notifier.gathering import Gathered, Now
from services.notifier.mail import Unmailable
from services.notifier.outgoing import Ended, Outgoing, SortAgain
from services.notifier.settings import Settings
from services.notifier.smtp import NO_ANSWER, Postman, ServerUnavailable, Undelivered
from services.notifier.store import claims, control
from services.notifier.store.claims import Claimed
from services.notifier.store.known import find_event
from shared.asks import AskFailed, Asks
from shared.consumer import OUT_OF_ORDER
from shared.database import CONNECTION_GONE, Connection, Pool, transaction
from shared.failpoints import reached
from shared.telemetry import log

MAILS = Counter("ehrensache_mails", "Mails by what the mail server made of them.", ["outcome"])

MOST_CLAIMS: Final = 16
ASK_AGAIN_SECONDS: Final = 5.0
FAULT_SECONDS: Final = 300.0
"""How long a mail is left alone that could not even be written because of a fault of ours."""
DATABASE_AWAY: Final = (*CONNECTION_GONE, ConnectionError, asyncpg.OperatorInterventionError)
DATABASE_AWAY_SECONDS: Final = 0.5
SERVER_AWAY_SECONDS: Final = (5.0, 10.0, 30.0, 60.0)


class ClaimLost(Exception):
    """The mail is not ours to send any more: sending is paused, or the lease has run out."""


class Known(msgspec.Struct, frozen=True):
    """What was gathered for a few mails."""

    guests: Gathered
    registrations: Registrations


class Sending:
    """One worker's mails, one in flight at a time."""

    def __init__(self, settings: Settings, pool: Pool, asks: Asks, postman: Postman) -> None:
        self._settings = settings
        self._pool = pool
        self._asks = asks
        self._postman = postman
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._quiet_until = 0.0
        self._failures = 0
        self._is_glad = False

    async def send_due(self) -> int:
        """Send some of the mails that are due and return how many were claimed; 0 if none was.

        What was claimed and not sent is given back, also when this is cancelled.
        """
        if time.monotonic() < self._quiet_until:
            return 0
        async with transaction(self._pool) as opened:
            await claims.take_back_stale(opened, self._worker)
            batch = await claims.claim(
                opened, self._worker, MOST_CLAIMS, self._settings.lease_seconds
            )
        if not batch:
            return 0
        # Apart, so that a service that does not answer keeps up its own mails only.
        guests = [one for one in batch if one.invitation_id]
        participants = [one for one in batch if not one.invitation_id]
        return sum([await self._send_batch(part) for part in (guests, participants) if part])

    async def _send_batch(self, batch: Sequence[Claimed]) -> int:
        waiting = list(batch)
        pause = 0.0
        try:
            known = await self._gather(batch)
            while waiting:
                await self._send(waiting[0], known)
                waiting.pop(0)
        except AskFailed as error:
            pause = ASK_AGAIN_SECONDS
            log().warning("sending_waits", error=str(error))
        except ServerUnavailable as error:
            pause = await self._keep_quiet(str(error))
        except ClaimLost:
            log().info("sending_interrupted", mails=len(waiting))
        except DATABASE_AWAY:
            log().warning("sending_waits_for_database", mails=len(waiting))
        except Exception:
            await self._give_back(waiting[:1], FAULT_SECONDS, "fault_of_ours")
            raise
        finally:
            await self._give_back(waiting, pause)
        return len(batch) - len(waiting)

    async def _gather(self, batch: Sequence[Claimed]) -> Known:
        invitations = [one.invitation_id for one in batch if one.invitation_id]
        registrations = [one.course_registration_id for one in batch if one.course_registration_id]
        return Known(
            await gathering.gather(self._asks, invitations),
            await course_mails.gather(self._asks, registrations),
        )

    async def _send(self, claimed: Claimed, known: Known) -> None:
        async with transaction(self._pool) as opened:
            now = await claims.clock(opened)
            prepared = await self._prepare(opened, claimed, known, now)
            if isinstance(prepared, Ended):
                await claims.withhold(opened, claimed, prepared.state, prepared.reason)
                return
            if isinstance(prepared, SortAgain):
                await claims.sort_again(opened, claimed)
                return
        await self._hand_over(claimed, prepared)

    async def _prepare(
        self, opened: Connection, claimed: Claimed, known: Known, now: datetime
    ) -> Outgoing | Ended | SortAgain:
        if claimed.course_registration_id is not None:
            told = known.registrations.get(claimed.course_registration_id)
            return course_mails.prepare(self._settings, claimed, told, now)
        event = await find_event(opened, claimed.honouring_event_id)
        moment = Now(now, event.previous_starts_at if event else None)
        return guest_mails.prepare(self._settings, claimed, known.guests, event, moment)

    async def _hand_over(self, claimed: Claimed, outgoing: Outgoing) -> None:
        try:
            content = await asyncio.to_thread(outgoing.write)
        except Unmailable as error:
            await self._refuse(claimed, Undelivered("never", NO_ANSWER, str(error)))
            return
        await self._take_turn()
        await _undisturbed(self._deliver(claimed, outgoing, content))

    async def _deliver(self, claimed: Claimed, outgoing: Outgoing, content: bytes) -> None:
        async def before_data() -> None:
            reached("notifier.before_data")
            async with transaction(self._pool) as opened:
                if not await claims.start_data(opened, claimed, self._settings.lease_seconds):
                    raise ClaimLost
            reached("notifier.after_data_started")

        envelope = (self._settings.mail_from, mail.address("", outgoing.recipient).addr_spec)
        try:
            code = await self._postman.deliver(envelope, content, before_data)
        except Undelivered as error:
            await self._refuse(claimed, error)
            return
        reached("notifier.after_smtp_250")
        await self._accept(
            AcceptMail(claimed=claimed, smtp_code=code, remind_at=outgoing.remind_at)
        )

    async def _accept(self, command: AcceptMail) -> None:
        """Note that the server has the mail, and keep trying: only this process knows it."""
        until = time.monotonic() + self._settings.lease_seconds
        while True:
            try:
                async with transaction(self._pool) as opened:
                    await accept_mail(opened, command)
            except OUT_OF_ORDER as error:
                log().warning("accepted_mail_waits_for_database", error=repr(error))
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(DATABASE_AWAY_SECONDS)
            else:
                break
        MAILS.labels("accepted").inc()
        await self._be_glad()

    async def _refuse(self, claimed: Claimed, error: Undelivered) -> None:
        MAILS.labels("refused").inc()
        log().info("mail_refused", message_id=str(claimed.message_id), code=error.code)
        async with transaction(self._pool) as opened:
            await refuse_mail(
                opened,
                RefuseMail(
                    claimed=claimed,
                    retry=error.retry,
                    smtp_code=error.code,
                    reason=error.text,
                    possible_duplicate=error.is_ambiguous,
                ),
            )

    async def _take_turn(self) -> None:
        """Wait for the next moment at which the common rate allows a mail."""
        async with transaction(self._pool) as opened:
            seconds = await control.take_slot(opened)
        if seconds is None:
            raise ClaimLost
        await asyncio.sleep(seconds)

    async def _give_back(self, waiting: Sequence[Claimed], pause: float, reason: str = "") -> None:
        if waiting:
            async with transaction(self._pool) as opened:
                await claims.release(opened, waiting, pause, reason)

    async def _keep_quiet(self, trouble: str) -> float:
        """Note that the server takes nothing, and return for how many seconds to leave it alone."""
        pause = SERVER_AWAY_SECONDS[min(self._failures, len(SERVER_AWAY_SECONDS) - 1)]
        self._failures += 1
        self._quiet_until = time.monotonic() + pause
        self._is_glad = False
        log().error("mail_server_unavailable", error=trouble, again_in_seconds=pause)
        async with transaction(self._pool) as opened:
            await control.note_trouble(opened, trouble)
        return pause

    async def _be_glad(self) -> None:
        """Note once that the server takes mails again."""
        self._failures = 0
        if not self._is_glad:
            self._is_glad = True
            async with transaction(self._pool) as opened:
                await control.note_trouble(opened, "")


async def _undisturbed(work: Coroutine[Any, Any, None]) -> None:
    """Finish a mail that is on its way, even if the process is asked to end meanwhile."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
