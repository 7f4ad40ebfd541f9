"""Guests who keep answering while something breaks, and know what they were told last."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import httpx

from tests.journeys.waiting import eventually

ANSWERS: Final = "/api/recognition/v1/answers"
INVITATION: Final = "/api/recognition/v1/invitation"
PAUSE_SECONDS: Final = 0.3
"""Before a guest tries again, or looks whether to answer once more."""
REQUEST_SECONDS: Final = 30
PATIENT_SECONDS: Final = 120
"""For guests at a beat: a machine that is too slow for it makes them wait, which is no error."""
OK, UNAVAILABLE = 200, 503


class Surprise(AssertionError):
    """An answer was refused in a way that no guest should ever see."""


class GuestProgram:
    """Answers one invitation again and again: yes, no, yes."""

    def __init__(self, client: httpx.AsyncClient, link: str) -> None:
        self._client = client
        self._token = link.rpartition("/")[2]
        self.coming = False
        """What was answered last, and confirmed."""
        self.state = ""
        """How the invitation stands since then, as we were told."""
        self.confirmed = 0
        self.cut_off: list[str] = []
        """What came in place of an answer, so that it stays open what became of it."""
        self.refusals: list[httpx.Response] = []

    async def answer(self) -> None:
        """Answer the opposite, and the same again until it is confirmed."""
        wanted, key = not self.coming, str(uuid4())
        while True:
            try:
                response = await self._client.post(
                    ANSWERS,
                    json={"token": self._token, "coming": wanted},
                    headers={"idempotency-key": key},
                )
            except httpx.TransportError as error:
                self.cut_off.append(repr(error))
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if response.status_code == OK:
                break
            if response.status_code != UNAVAILABLE:
                raise Surprise(f"{response.status_code}: {response.text}")
            self.refusals.append(response)
            await asyncio.sleep(PAUSE_SECONDS)
        self.coming, self.state = wanted, response.json()["state"]
        self.confirmed += 1

    async def standing(self) -> str:
        """Look how the invitation stands, also after all answers are given."""
        headers = {"authorization": f"Bearer {self._token}"}
        async with httpx.AsyncClient(base_url=self._client.base_url, trust_env=False) as client:
            response = await client.get(INVITATION, headers=headers)
        return str(response.raise_for_status().json()["state"])


class Traffic:
    """All guests' programs."""

    def __init__(self, programs: Sequence[GuestProgram]) -> None:
        self.programs = programs
        self._is_on = True
        self._wanted = 0
        """How many answers each guest is to have confirmed: few, for ten a minute are allowed."""

    @property
    def refusals(self) -> list[httpx.Response]:
        """Return every answer that was refused for the moment."""
        return [one for program in self.programs for one in program.refusals]

    @property
    def cut_off(self) -> list[str]:
        """Return what came whenever a connection ended without an answer."""
        return [one for program in self.programs for one in program.cut_off]

    def ask(self, each: int) -> None:
        """Have every guest answer so many times more."""
        self._wanted += each

    async def confirmed(self, each: int) -> None:
        """Have every guest answer so many times more, and wait until all of it is confirmed."""
        self.ask(each)

        async def all_confirmed() -> bool:
            return all(program.confirmed >= self._wanted for program in self.programs)

        await eventually(all_confirmed, "the guests' answers are not confirmed")

    async def run(self, program: GuestProgram) -> None:
        """Let one guest answer as often as is asked for; the last answer is confirmed."""
        while self._is_on or program.confirmed < self._wanted:
            if program.confirmed < self._wanted:
                await program.answer()
            else:
                await asyncio.sleep(PAUSE_SECONDS)

    async def keep_answering(self, program: GuestProgram, turn: float, every: float) -> None:
        """Let one guest answer at a beat, whatever becomes of it meanwhile.

        Args:
            program: of the guest.
            turn: when it begins, by the loop's clock.
            every: seconds from one answer to the next; who waits for an answer misses a turn.
        """
        clock = asyncio.get_running_loop().time
        while self._is_on:
            await asyncio.sleep(turn - clock())
            await program.answer()
            while turn < clock():
                turn += every

    def end(self) -> None:
        """Let every guest finish the answer in hand."""
        self._is_on = False


@asynccontextmanager
async def flowing(
    origin: str, links: Sequence[str], per_second: float = 0
) -> AsyncIterator[Traffic]:
    """Have the guests with these links answer while the block runs.

    Args:
        origin: of the site.
        links: of the guests.
        per_second: how many answers all of them give together; otherwise as many as are asked for.

    Raises:
        Surprise: in a group, if an answer was neither confirmed nor put off.
    """
    limits = httpx.Limits(max_connections=len(links))
    timeout = PATIENT_SECONDS if per_second else REQUEST_SECONDS
    async with httpx.AsyncClient(
        base_url=origin, timeout=timeout, limits=limits, trust_env=False
    ) as client:
        traffic = Traffic([GuestProgram(client, link) for link in links])
        begin = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for number, program in enumerate(traffic.programs):
                if per_second:
                    turn, every = begin + number / per_second, len(links) / per_second
                    tasks.create_task(traffic.keep_answering(program, turn, every))
                else:
                    tasks.create_task(traffic.run(program))
            try:
                yield traffic
            finally:
                traffic.end()
