"""Forgets attempts and sessions whose time is over."""

from services.registry.sign_in import store
from services.registry.sign_in.model import KEPT, now
from shared.database import Pool, transaction


async def forget_sign_ins(pool: Pool) -> int:
    """Delete attempts that ran out and sessions that began thirty days ago; return how many."""
    async with transaction(pool) as opened:
        attempts = await store.forget_attempts(opened)
        return attempts + await store.forget_sessions(opened, now() - KEPT)
