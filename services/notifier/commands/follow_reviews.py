"""Queue what associations are told about the review of the events they have submitted."""

import msgspec

from services.notifier.store import submissions
from services.notifier.submissions import ReviewFact, submission_due
from shared.database import Connection


class FollowReviews(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened, in its order."""

    facts: tuple[ReviewFact, ...]


async def follow_reviews(transaction: Connection, command: FollowReviews) -> None:
    """Queue a mail for each fact that is not stale, and withhold what it overtakes.

    What a stale fact asks for is withheld from the beginning.
    """
    for fact in command.facts:
        due = submission_due(fact)
        if await submissions.queue(transaction, due):
            await submissions.withhold_overtaken(transaction, due)
