"""Draws the letters of a batch as one PDF, from current data, with progress and a way to stop."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.notifier import gathering, prose
from services.notifier.commands.finish_letters import FinishLetters, finish_letters
from services.notifier.gathering import Gathered, Now, Untrue, remind_at
from services.notifier.letters import Letter, LetterBook
from services.notifier.model import (
    ANSWERABLE,
    WITH_REPLY_SHEET,
    WITH_TICKETS,
)
from services.notifier.settings import Settings
from services.notifier.store import batches, claims, known, letters, prints
from services.notifier.store.batches import LetterBatch
from services.notifier.store.known import KnownEvent
from services.notifier.store.letters import LetterToPrint
from services.notifier.titles import TITLES
from shared.asks import AskFailed, Asks
from shared.database import Pool, transaction
from shared.telemetry import log

AT_ONCE: Final = 20
"""How many letters are drawn between two looks at whether somebody has stopped the job."""
LEASE_SECONDS: Final = 60.0


class Stopped(Exception):
    """Somebody has stopped the job."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn."""

    letter_print_id: UUID
    batch: LetterBatch
    letters: Sequence[LetterToPrint]
    event: KnownEvent | None
    now: datetime


class Drawn(msgspec.Struct, kw_only=True):
    """What came of it."""

    pdf: bytes = b""
    left_out: list[tuple[UUID, str]] = msgspec.field(default_factory=list)
    """Letters that are not true any more, with the reason."""
    reminders: list[tuple[UUID, datetime]] = msgspec.field(default_factory=list)


class Printing:
    """One worker's printing, one PDF at a time."""

    def __init__(self, settings: Settings, pool: Pool, asks: Asks) -> None:
        self._settings = settings
        self._pool = pool
        self._asks = asks

    async def print_next(self) -> int:
        """Draw the oldest PDF that somebody waits for; return 1, or 0 if nobody does.

        While another service does not answer, the job waits.
        """
        job = await self._claim()
        if job is None:
            return 0
        try:
            gathered = await gathering.gather(
                self._asks, [(job.batch.purpose, letter) for letter in job.letters]
            )
            await self._finish(job, await self._draw(job, gathered))
        except AskFailed as error:
            log().warning("printing_waits", error=str(error))
            async with transaction(self._pool) as opened:
                await prints.put_back(opened, job.letter_print_id)
            return 0
        except Stopped:
            log().info("printing_stopped")
        except Exception:
            async with transaction(self._pool) as opened:
                await prints.finish(opened, job.letter_print_id, "failed", 0)
            raise
        return 1

    async def _claim(self) -> Job | None:
        async with transaction(self._pool) as opened:
            claimed = await prints.claim(opened, LEASE_SECONDS)
            if claimed is None:
                return None
            print_id, batch_id = claimed
            batch = (await batches.listed(opened, batch_id))[0]
            return Job(
                letter_print_id=print_id,
                batch=batch,
                letters=await letters.letters_to_print(opened, batch_id),
                event=await known.find_event(opened, batch.honouring_event_id),
                now=await claims.clock(opened),
            )

    async def _draw(self, job: Job, gathered: Gathered) -> Drawn:
        drawn = Drawn()
        written = await asyncio.to_thread(
            lambda: sorted(self._write(job, gathered, drawn), key=_by_place)
        )
        title = f"{TITLES[job.batch.purpose]}: {job.batch.event_title}"
        with closing(LetterBook(self._settings.font_folder, title)) as book:
            for start in range(0, len(written), AT_ONCE):
                await asyncio.to_thread(_add_all, book, written[start : start + AT_ONCE])
                await self._progress(job, min(start + AT_ONCE, len(written)))
            if written:
                drawn.pdf = await asyncio.to_thread(book.finish)
        return drawn

    async def _progress(self, job: Job, done: int) -> None:
        async with transaction(self._pool) as opened:
            if not await prints.progress(opened, job.letter_print_id, done, LEASE_SECONDS):
                raise Stopped

    def _write(self, job: Job, gathered: Gathered, drawn: Drawn) -> Iterator[Letter]:
        purpose = job.batch.purpose
        for letter in job.letters:
            now = Now(job.now, job.event.previous_starts_at if job.event else None)
            occasion = gathered.letter_occasion(self._settings, purpose, letter.concerns_id, now)
            if isinstance(occasion, Untrue):
                drawn.left_out.append((letter.message_id, occasion.reason))
                continue
            if due := remind_at(purpose, occasion, job.now):
                drawn.reminders.append((letter.concerns_id, due))
            yield Letter(
                occasion=occasion,
                prose=prose.write(purpose, occasion.words(by_letter=True)),
                on=job.now,
                can_be_answered=purpose in ANSWERABLE,
                brings_reply_sheet=purpose in WITH_REPLY_SHEET,
                brings_tickets=purpose in WITH_TICKETS,
            )

    async def _finish(self, job: Job, drawn: Drawn) -> None:
        async with transaction(self._pool) as opened:
            await finish_letters(
                opened,
                FinishLetters(
                    letter_print_id=job.letter_print_id,
                    letter_batch_id=job.batch.letter_batch_id,
                    pdf=drawn.pdf,
                    left_out=drawn.left_out,
                    reminders=drawn.reminders,
                ),
            )


def _add_all(book: LetterBook, written: Sequence[Letter]) -> None:
    for letter in written:
        book.add(letter)


def _by_place(letter: Letter) -> tuple[str, ...]:
    """Sort as the post likes it and as a clerk finds a letter again: by postal code, then name."""
    return letter.occasion.place
