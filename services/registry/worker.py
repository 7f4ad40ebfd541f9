"""Wires registry's worker together: subscriptions, answers and timers."""

from collections.abc import Sequence

from services.registry import store
from services.registry.answers import answers, token_answers
from services.registry.imports.store import findings
from services.registry.imports.work import forget_old_imports, run_next
from services.registry.sign_in.work import forget_sign_ins
from services.registry.subscriptions import subscriptions
from shared.timers import HOUR, Timer, forget
from shared.worker import Parts, Worker

IMPORT_SECONDS = 0.5


def _timers(parts: Parts) -> Sequence[Timer]:
    async def run_imports() -> int:
        return await run_next(parts.pool)

    async def forget_findings() -> int:
        return await forget_old_imports(parts.pool)

    async def forget_old_sign_ins() -> int:
        return await forget_sign_ins(parts.pool)

    return [
        Timer("forget_sign_ins", HOUR, forget_old_sign_ins),
        Timer("run_imports", IMPORT_SECONDS, run_imports),
        Timer("forget_findings", HOUR, forget_findings),
        forget("forget_imports", parts.pool, findings.forget_imports),
        forget("forget_changes", parts.pool, store.forget_changes),
    ]


WORKER = Worker(
    subscriptions=lambda _parts: subscriptions(),
    answers=lambda parts: [*answers(parts.pool), *token_answers(parts.settings, parts.pool)],
    timers=_timers,
)
