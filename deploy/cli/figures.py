"""Reads from PostgreSQL what waits in each service, whether or not its processes live."""

from typing import Final

import asyncpg
import msgspec

from shared.database import Connection


class Figure(msgspec.Struct, frozen=True):
    """One number of one service."""

    name: str
    label: str
    """Which timer, state or kind; empty where there is only one number."""
    value: float


class Explained(msgspec.Struct, frozen=True):
    """What the figures of one name say."""

    meaning: str
    label: str = ""
    """What the label names; empty where there is none."""


KIT: Final = {
    "outbox_unpublished": Explained("Facts in the outbox that are not in the stream yet"),
    "outbox_oldest_seconds": Explained("How long the oldest of them has waited"),
    "inbox_age_seconds": Explained("Since the service last took a fact that it had not had"),
    "dead_letters_open": Explained("Facts that were given up on and wait for a person"),
    "dead_letters_oldest_seconds": Explained("How long the oldest of them has waited"),
    "dead_letters_dismissed": Explained("Facts that a person has closed without replaying them"),
    "timer_age_seconds": Explained("Since a timer last did its work without a fault", "timer"),
    "timer_interval_seconds": Explained("How often a timer is to work", "timer"),
    "overdue_rows": Explained("Rows that should have been deleted a day ago", "table"),
}
"""What `kit_figure` of every schema holds."""
OWN: Final = {
    "registry": {
        "imports_waiting": Explained("Imports that are not finished"),
        "imports_oldest_seconds": Explained("Since the oldest of them was begun"),
        "people": Explained("People on record"),
    },
    "recognition": {
        "invitations": Explained("Invitations to concerts that are being filled", "state"),
        "places": Explained("Places of concerts that are being filled", "kind"),
        "place_drift": Explained("Places counted wrongly; always 0"),
        "offers_overdue_seconds": Explained("How long an offered place should have lapsed"),
        "admitted_guests": Explained("Guests let in at the door within a day"),
    },
    "events": {
        "receipts_unsent": Explained("Receipts that partners have not been sent"),
        "receipts_oldest_seconds": Explained("How long the oldest of them has waited"),
        "events_to_rewrite": Explained("Events to be written again after a correction"),
        "releases_overdue_seconds": Explained("How long an event should have been public"),
        "pulls_overdue_seconds": Explained("How long a partner's calendar should be fetched"),
        "reviews_waiting": Explained("Events that wait for their review"),
        "reviews_oldest_seconds": Explained("How long the oldest of them has waited"),
        "partner_items": Explained("What partners have sent", "state"),
        "partner_items_held": Explained("Cancellations that wait for an editor"),
        "calendar_changed_seconds": Explained("Since the public calendar last changed"),
        "course_place_drift": Explained("Places of courses counted wrongly; always 0"),
    },
    "notifier": {
        "mails_open": Explained("Mails that have not gone out", "state"),
        "mail_oldest_seconds": Explained("How long a mail has been due", "kind"),
        "mail_possible_duplicates": Explained("Mails of a day that may have arrived twice"),
        "mail_trouble_seconds": Explained("How long the mail server has taken nothing"),
        "mail_paused_seconds": Explained("How long sending has been paused in the console"),
        "letters_waiting": Explained("Letters in batches that are not posted"),
        "letters_oldest_seconds": Explained("How long the oldest such batch has been open"),
        "prints_waiting": Explained("PDFs that are being made"),
        "prints_oldest_seconds": Explained("How long the oldest of them has waited"),
    },
}
"""What `own_figure` of a service's schema holds."""


class Sending(msgspec.Struct, frozen=True):
    """Whether mails go out at all."""

    trouble: str
    """Why none does, as the mail server said it; empty if they do."""
    is_paused: bool


class Database(msgspec.Struct, frozen=True):
    """The server's own figures."""

    connections: int
    most_connections: int
    bytes: int


async def of_service(connection: Connection, service: str) -> list[Figure] | None:
    """Return a service's figures, as the observer sees them; None if its schema is not migrated."""
    try:
        rows = await connection.fetch(
            f"select name, label, value from {service}.kit_figure "  # noqa: S608 - a name of ours
            f"union all select name, label, value from {service}.own_figure"
        )
    except (
        asyncpg.UndefinedTableError,
        asyncpg.InvalidSchemaNameError,
        asyncpg.InsufficientPrivilegeError,
    ):
        return None
    return [Figure(*row) for row in rows]


async def of_sending(connection: Connection) -> Sending:
    """Return whether mails go out."""
    row = await connection.fetchrow(
        "select trouble, paused_at is not null as is_paused from notifier.sending_control"
    )
    return Sending(*row) if row else Sending("", is_paused=False)


async def of_database(connection: Connection) -> Database:
    """Return how full the server is."""
    row = await connection.fetchrow(
        """
        select
            (select sum(numbackends)::bigint from pg_stat_database),
            current_setting('max_connections')::integer,
            pg_database_size(current_database())
        """
    )
    return Database(*(row or (0, 0, 0)))
