"""Import engagements: the people and organisations that they refer to must be there already."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.registry import store as registry
from services.registry.engagements import store
from services.registry.engagements.columns import ENGAGEMENTS
from services.registry.engagements.model import Engagement, EngagementRow, Referred, find_problem
from services.registry.findings import rejection
from services.registry.matching import Matched, Outcome, match
from shared import outbox
from shared.contracts.registry import EngagementChanged, EngagementRegistered
from shared.database import Connection


class ImportEngagements(msgspec.Struct, frozen=True, kw_only=True):
    """Some lines of a file of engagements."""

    rows: Mapping[int, EngagementRow]
    """By line; each source number occurs once."""
    import_id: UUID
    imported_by: str
    is_dry_run: bool
    """Find out what would happen, and write nothing."""


async def import_engagements(transaction: Connection, command: ImportEngagements) -> Outcome:
    """Bring the engagements of some lines in; the same lines again change nothing.

    Raises:
        ChangedMeanwhile: somebody changed one of these engagements at the same moment; try again.
    """
    rows = list(command.rows.values())
    known = await store.known(transaction, [row.source_number for row in rows])
    referred = await store.referred(transaction, rows)
    problems = {
        line: problem
        for line, row in command.rows.items()
        if (problem := find_problem(row, referred, known.get(row.source_number)))
    }
    taken = {line: row for line, row in command.rows.items() if line not in problems}
    matched = match(ENGAGEMENTS, taken, known)
    if not command.is_dry_run:
        await _write(transaction, command, matched, referred)
    rejected = [
        rejection(ENGAGEMENTS, line, problem, getattr(command.rows[line], problem[0]))
        for line, problem in problems.items()
    ]
    return msgspec.structs.replace(
        matched.outcome,
        rejected=matched.outcome.rejected + len(problems),
        findings=(*rejected, *matched.outcome.findings),
    )


async def _write(
    transaction: Connection,
    command: ImportEngagements,
    matched: Matched[EngagementRow, Engagement],
    referred: Referred,
) -> None:
    registered = await store.register(transaction, matched.new, referred, command.imported_by)
    await store.write(transaction, matched.changed)
    told = {change.after.engagement_id: change for change in matched.told}
    await registry.keep_changes(transaction, told, command.imported_by, command.import_id)
    await outbox.record(
        transaction,
        *(
            EngagementRegistered(
                version=1,
                engagement_id=added.engagement_id,
                person_id=added.person_id,
                organisation_id=added.organisation_id,
                since_on=added.since_on,
            )
            for added in registered
        ),
        *(
            EngagementChanged(
                version=change.after.version,
                engagement_id=engagement_id,
                person_id=change.after.person_id,
                organisation_id=change.after.organisation_id,
                since_on=change.after.since_on,
                until_on=change.after.until_on,
            )
            for engagement_id, change in told.items()
        ),
    )
