"""Queue what associations are told that are asked to propose guests (Bitte um Vorschläge)."""

import msgspec

from services.notifier.nominations import NominationFact, nomination_due
from services.notifier.store import nominations
from shared.database import Connection


class FollowNominations(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened, in its order."""

    facts: tuple[NominationFact, ...]


async def follow_nominations(transaction: Connection, command: FollowNominations) -> None:
    """Queue a message for each fact that is not stale, and withhold what it overtakes.

    Where the request still waits to go out, it will say what is true then: no change and no
    reminder is told besides. An association that never got it is not told of the call-off either.
    """
    for fact in command.facts:
        due = nomination_due(fact)
        stands = await nominations.standing(transaction, fact.nomination_request_id)
        if due.purpose == "nomination_withdrawal":
            await nominations.withhold_overtaken(transaction, due, "event_cancelled")
            is_news = stands.has_gone_out
        else:
            is_news = stands.has_gone_out or not stands.is_waiting
            if is_news:
                await nominations.withhold_overtaken(transaction, due, "overtaken")
        if is_news:
            await nominations.queue(transaction, due)
