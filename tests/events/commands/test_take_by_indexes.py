"""Taking a partner's items costs no more because a plan was made while the tables were small."""

import re
from datetime import UTC, datetime

from shared.database import Connection
from tests.events.partners import coming, registered, take

NOW = datetime.now(UTC)
GROWING = ("calendar_event", "event_ical", "occurrence", "partner_item", "partner_message")
THROUGH_ALL = re.compile(rf"Seq Scan on ({'|'.join(GROWING)})|Hash Join|Merge Join")
PLANNED = re.compile(r"\s*(select|insert|update|delete|with) ")


async def asked_for_items(transaction: Connection) -> list[str]:
    """Return the statements for items that are new, have changed, go, and look like another's."""
    one, other = await registered(transaction), await registered(transaction)
    asked: set[str] = set()
    with transaction.query_logger(lambda record: asked.add(record.query)):
        await take(transaction, one, [coming(0)], NOW)
        await take(transaction, one, [coming(0, title="Die Nachtfähre"), coming(1)], NOW)
        await take(transaction, one, [coming(1, status="withdrawn")], NOW)
        await take(transaction, other, [coming(0, title="Die Nachtfähre")], NOW)
    return sorted(filter(PLANNED.match, asked))


async def kept_plan(transaction: Connection, statement: str) -> str:
    """Return how PostgreSQL executes a statement once it no longer looks at the values."""
    await transaction.execute(f"prepare kept as {statement}")
    values = ", ".join(["null"] * len(set(re.findall(r"\$[0-9]+", statement))))
    rows = await transaction.fetch(f"explain execute kept{f'({values})' if values else ''}")
    await transaction.execute("deallocate kept")
    return "\n".join(row[0] for row in rows)


async def test_rows_are_found_by_indexes_also_in_small_tables(transaction: Connection) -> None:
    asked = await asked_for_items(transaction)
    await transaction.execute(f"analyze {', '.join(GROWING)}")
    await transaction.execute("set local plan_cache_mode = force_generic_plan")

    plans = [await kept_plan(transaction, statement) for statement in asked]

    assert len(plans) > 15
    assert [plan for plan in plans if THROUGH_ALL.search(plan)] == []
