"""Starts parts, restarts those that die, and stops all of them in order."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

import msgspec

from deploy.local.failure import Cancelled, PartFailed, log_end
from deploy.local.part import Environment, Launch, Layer, Part, Running, end_group
from deploy.local.processes import Register

LOOK_SECONDS = 0.25
PAUSES = (0.5, 1, 2, 5, 15, 30)
"""Seconds before the first, second, … restart of a part that keeps dying."""
STEADY_SECONDS = 60
"""A part that lived this long is forgiven its earlier deaths."""

LOG_FOLLOWS = ". Its log"
"""How a server's failure goes on after its reason; we show the log in our own way."""

Report = Callable[[str, str], None]
"""Is told a part's name and what happened to it."""


class _Place(msgspec.Struct):
    """What the supervisor knows of one part."""

    part: Part
    running: Running | None = None
    is_wanted: bool = False
    deaths: int = 0
    started_at: float = 0
    restart_at: float = 0


class Supervisor:
    """The parts of one run."""

    def __init__(self, register: Register, report: Report) -> None:
        """Begin without parts."""
        self._register = register
        self._report = report
        self._places: dict[str, _Place] = {}
        self._guard = threading.RLock()
        self._called_off = threading.Event()
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None

    def start(self, part: Part) -> None:
        """Start a part and return when it is ready.

        Raises:
            PartFailed: it did not become ready.
            Cancelled: `call_off` was called.
        """
        place = _Place(part)
        self._places[part.name] = place
        self._launch(place, {})

    def start_together(self, jobs: Sequence[Callable[[], None]]) -> None:
        """Run jobs that start parts, all at once; the first failure calls off the others.

        Raises:
            PartFailed, Cancelled: as `start` does.
        """
        with ThreadPoolExecutor(len(jobs)) as pool:
            futures = [pool.submit(job) for job in jobs]
            done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
            failures = [error for each in done if (error := each.exception())]
            if waiting:
                self._called_off.set()
        if failures:
            raise failures[0]

    def call_off(self) -> None:
        """Make every start that is under way raise `Cancelled` soon; fit for a signal handler."""
        self._called_off.set()

    def check(self) -> None:
        """Raise `Cancelled` if the start was called off; for jobs between two parts."""
        if self._called_off.is_set():
            raise Cancelled

    def watch(self) -> None:
        """From now on restart parts that die, after a pause that grows each time."""
        self._watch = threading.Thread(target=self._look_after, name="watch", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Stop all parts, the highest layer first."""
        self._called_off.set()
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
        for layer in reversed(Layer):
            together = [place for place in self._in_order() if place.part.layer == layer]
            with ThreadPoolExecutor(max(1, len(together))) as pool:
                list(pool.map(self._stop, together))

    def kill(self, name: str) -> None:
        """End a part at once, as a crash would; it stays down until `restart`."""
        with self._guard:
            place = self._places[name]
            place.is_wanted = False
            if place.running is not None:
                place.running.kill()
                end_group(place.running.pid)

    def restart(self, name: str, environment: Environment) -> None:
        """Stop a part if it runs and start it, for this one time with more variables."""
        with self._guard:
            place = self._places[name]
            self._stop(place)
            self._launch(place, environment)

    def running(self, name: str) -> Running:
        """Return a part's process, dead or alive.

        Raises:
            KeyError: there is no such part, or it was never ready.
        """
        running = self._places[name].running
        if running is None:
            raise KeyError(name)
        return running

    def part(self, name: str) -> Part:
        """Return a part by its name.

        Raises:
            KeyError: there is no such part.
        """
        return self._places[name].part

    def names(self) -> list[str]:
        """List the parts, the lowest layer first."""
        return [place.part.name for place in self._in_order()]

    def _in_order(self) -> list[_Place]:
        return sorted(self._places.values(), key=lambda place: (place.part.layer, place.part.name))

    def _launch(self, place: _Place, environment: Environment) -> None:
        part = place.part
        launch = Launch(
            environment=environment,
            on_process=lambda pid: self._register.note(part.name, pid),
            is_called_off=self._called_off.is_set,
        )
        try:
            self.check()
            place.running = part.start(launch)
        except (Cancelled, PartFailed):
            raise
        except (RuntimeError, OSError) as error:
            reason = str(error).partition(LOG_FOLLOWS)[0]
            raise PartFailed(part.name, reason, part.remedy, part.log) from error
        self._register.note(part.name, place.running.pid)
        place.started_at = time.monotonic()
        place.is_wanted = True

    def _stop(self, place: _Place) -> None:
        place.is_wanted = False
        if place.running is not None:
            place.running.stop()
            end_group(place.running.pid)
            self._register.forget(place.part.name)

    def _look_after(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for place in self._in_order():
                with self._guard:
                    self._look_at(place)

    def _look_at(self, place: _Place) -> None:
        if not place.is_wanted or place.running is None or place.running.is_running:
            return
        now = time.monotonic()
        if place.restart_at == 0:
            self._mourn(place, now)
        elif place.restart_at <= now:
            self._revive(place)

    def _mourn(self, place: _Place, now: float) -> None:
        if place.running is not None:
            place.running.kill()
            end_group(place.running.pid)
        if now - place.started_at > STEADY_SECONDS:
            place.deaths = 0
        pause = PAUSES[min(place.deaths, len(PAUSES) - 1)]
        place.deaths += 1
        place.restart_at = now + pause
        last = "".join(f"\n    {line}" for line in log_end(place.part.log, 5))
        self._report(place.part.name, f"has ended; it is started again in {pause} s{last}")

    def _revive(self, place: _Place) -> None:
        place.restart_at = 0
        try:
            self._launch(place, {})
        except PartFailed as error:
            self._report(place.part.name, str(error))
        except Cancelled:
            return
        else:
            self._report(place.part.name, "runs again")
