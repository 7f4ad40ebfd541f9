"""Sends mails: claims a few, writes each from current data, hands it over, notes the outcome."""

import asyncio
import os
import socket
import time
from collections.abc import Coroutine, Sequence
from typing import Any, Final
from uuid import uuid4

import asyncpg
from prometheus_client import Counter

from services.notifier import gathering, mail
from services.notifier.commands.accept_mail import AcceptMail, accept_mail
from services.notifier.commands.refuse_mail import RefuseMail, refuse_mail
from services.notifier.gathering import MAIL_ONLY, UNKNOWN, Gathered, Now, Untrue, remind_at
from services.notifier.mail import Unmailable
from services.notifier.settings import Settings
from services.notifier.smtp import NO_ANSWER, Postman, ServerUnavailable, Undelivered
from services.notifier.store import claims, control, known
from services.notifier.store.claims import Claimed
from services.notifier.writing import Draft, write_mail
from shared.asks import AskFailed, Asks
from shared.consumer import OUT_OF_ORDER
from shared.database import CONNECTION_GONE, Pool, transaction
from shared.failpoints import reached
from shared.telemetry import log, tracing

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
        of_events = [one for one in batch if one.purpose in MAIL_ONLY]
        others = [one for one in batch if one.purpose not in MAIL_ONLY]
        return sum([await self._send_batch(part) for part in (others, of_events) if part])

    async def _send_batch(self, batch: Sequence[Claimed]) -> int:
        waiting = list(batch)
        pause = 0.0
        try:
            gathered = await gathering.gather(self._asks, [(one.purpose, one) for one in batch])
            while waiting:
                with tracing(waiting[0].traceparent):
                    await self._send(waiting[0], gathered)
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

    async def _send(self, claimed: Claimed, gathered: Gathered) -> None:
        async with transaction(self._pool) as opened:
            now = await claims.clock(opened)
            event = await known.find_event(opened, claimed.honouring_event_id)
            occasion = gathered.occasion(
                self._settings,
                claimed.purpose,
                claimed.concerns_id,
                Now(now, event.previous_starts_at if event else None),
            )
            if isinstance(occasion, Untrue):
                state = "cancelled" if occasion.reason in UNKNOWN else "withheld"
                await claims.withhold(opened, claimed, state, occasion.reason)
                return
            _, address = occasion.recipient
            if not address:
                await claims.sort_again(opened, claimed)
                return
        draft = Draft(
            message_id=claimed.message_id,
            purpose=claimed.purpose,
            occasion=occasion,
            sequence=occasion.version + (event.version if event else 0),
            changed_at=claimed.queued_at,
            sent_at=now,
            mail_from=self._settings.mail_from,
            fonts=self._settings.font_folder,
        )
        await self._hand_over(claimed, draft)

    async def _hand_over(self, claimed: Claimed, draft: Draft) -> None:
        try:
            content = await asyncio.to_thread(write_mail, draft)
        except Unmailable as error:
            await self._refuse(claimed, Undelivered("never", NO_ANSWER, str(error)))
            return
        await self._take_turn()
        await _undisturbed(self._deliver(claimed, draft, content))

    async def _deliver(self, claimed: Claimed, draft: Draft, content: bytes) -> None:
        async def before_data() -> None:
            reached("notifier.before_data")
            async with transaction(self._pool) as opened:
                if not await claims.start_data(opened, claimed, self._settings.lease_seconds):
                    raise ClaimLost
            reached("notifier.after_data_started")

        recipient = mail.address("", draft.occasion.recipient[1]).addr_spec
        try:
            code = await self._postman.deliver((draft.mail_from, recipient), content, before_data)
        except Undelivered as error:
            await self._refuse(claimed, error)
            return
        reached("notifier.after_smtp_250")
        await self._accept(
            AcceptMail(
                claimed=claimed,
                smtp_code=code,
                remind_at=remind_at(claimed.purpose, draft.occasion, draft.sent_at),
            )
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
        log().info("mail_accepted", message_id=str(command.claimed.message_id))
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
