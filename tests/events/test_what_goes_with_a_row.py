"""Whatever names a row says what becomes of it when the row goes."""

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from deploy.reference.retention import KIT, RULES
from services.events.store import districts, known_organisers, known_places, pictures
from shared.database import Pool
from tests.test_house import ROOT

Column = tuple[str, str]
"""Table and column."""
FOLLOWS: Final = (b"c", b"n")
"""ON DELETE CASCADE and SET NULL."""
CHECKED: Final[dict[Column, Callable[..., Awaitable[Any]]]] = {
    ("calendar_event", "place_id"): known_places.events_at,
    ("calendar_event", "organiser_id"): known_organisers.events_by,
    ("submission", "organiser_id"): known_organisers.events_by,
    ("calendar_event", "event_image_id"): pictures.forget_unused,
    ("place", "district"): districts.delete_unused_district,
}
"""What keeps its row in place, and the statement that looks there before somebody deletes it."""
NEVER_DELETED: Final = {"category", "audience", "course", "course_run"}
"""Fixed lists, which only migrations change, and courses, whose figures stay."""
WITHOUT_KEY: Final[dict[Column, str]] = {
    ("calendar_event", "origin_id"): "a partner's item, handed over when the partner goes, or "
    "another service's event",
    ("event_ical", "organiser_id"): "derived; written anew with its event",
    ("event_ical", "place_id"): "derived; written anew with its event",
    ("event_redirect", "calendar_event_id"): "an event that has gone",
    ("event_to_rewrite", "calendar_event_id"): "left out when its turn comes; a key would lock",
    ("organiser", "organisation_id"): "another service's association",
    ("receipt", "calendar_event_id"): "what a partner was told, as it was then",
}
"""Columns that name a row which nothing keeps in place, and why that is right."""


async def test_every_foreign_key_follows_or_is_looked_at_before(pool: Pool) -> None:
    rows = await pool.fetch(
        """
        select holding.relname as "table", attname as "column", named.relname as target,
            confdeltype
        from pg_constraint
        join pg_class as holding on holding.oid = conrelid
        join pg_class as named on named.oid = confrelid
        join pg_attribute on attrelid = conrelid and attnum = any(conkey)
        where contype = 'f' and holding.relnamespace = 'events'::regnamespace
        """
    )

    restricting = {
        (row["table"], row["column"])
        for row in rows
        if row["confdeltype"] not in FOLLOWS and row["target"] not in NEVER_DELETED
    }
    assert len(rows) > len(restricting)
    assert restricting == set(CHECKED)


def test_what_looks_before_looks_at_the_column() -> None:
    for (table, column), check in CHECKED.items():
        source = inspect.getsource(check)
        assert f"{table}.{column}" in source or (table in source and column in source), check


def test_no_statement_deletes_from_the_fixed_lists() -> None:
    found = " ".join(path.read_text("utf-8") for path in (ROOT / "services/events").rglob("*.py"))

    deleted = set(re.findall(r"delete from (\w+)", found))
    assert "place" in deleted
    assert deleted & NEVER_DELETED == set()


async def test_every_other_column_that_names_a_row_says_why_it_has_no_key(pool: Pool) -> None:
    rows = await pool.fetch(
        """
        select relname as "table", attname as "column"
        from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace = 'events'::regnamespace and relkind = 'r' and attnum > 0
        and atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
        and not exists (
            select from pg_constraint
            where conrelid = attrelid and attnum = any(conkey) and contype = 'f'
        )
        """
    )

    of_the_kit = {name for rule in RULES[KIT] for name in rule.tables}
    naming = {
        (row["table"], row["column"])
        for row in rows
        if row["table"] not in of_the_kit and row["column"] != f"{row['table']}_id"
    }
    assert naming == set(WITHOUT_KEY)
