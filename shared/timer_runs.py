"""Remembers when each timer last did its work, so that one that stands still is seen."""

from collections.abc import Sequence

import msgspec

from shared.database import Connection


class TimerRun(msgspec.Struct, frozen=True):
    """A timer of this process."""

    timer: str
    interval_seconds: float
    done_seconds_ago: float | None
    """None: it has not come to its end yet since the process began."""


async def keep(transaction: Connection, runs: Sequence[TimerRun]) -> None:
    """Note the newest run of each timer, and forget timers that there are no more.

    Args:
        transaction: the caller's.
        runs: all timers of the worker.
    """
    await transaction.execute(
        """
        insert into timer_run as kept (timer, interval_seconds, done_at)
        select timer, interval_seconds, now() - make_interval(secs => done_seconds_ago)
        from unnest($1::text[], $2::double precision[], $3::double precision[])
            as run (timer, interval_seconds, done_seconds_ago)
        on conflict (timer) do update
        set interval_seconds = excluded.interval_seconds,
            done_at = greatest(kept.done_at, excluded.done_at)
        """,
        [run.timer for run in runs],
        [run.interval_seconds for run in runs],
        [run.done_seconds_ago for run in runs],
    )
    await transaction.execute(
        "delete from timer_run where timer <> all($1)", [run.timer for run in runs]
    )
