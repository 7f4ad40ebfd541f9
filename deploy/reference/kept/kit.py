"""Says how long every service keeps the tables of the kit."""

from deploy.reference.kept.rule import STAYS, Kept, days
from shared import dead_letters, inbox, outbox

RULES: tuple[Kept, ...] = (
    Kept(
        ("outbox",),
        days(outbox.KEPT_DAYS, "it was published"),
        "a lost stream is published again from it; ids only",
    ),
    Kept(
        ("inbox",),
        days(inbox.KEPT_DAYS, "it was taken"),
        "longer than the stream keeps a fact, so that none has its effect twice",
    ),
    Kept(
        ("dead_letter",),
        f"{days(dead_letters.KEPT_DAYS, 'it was replayed')}, {dead_letters.OPEN_DAYS} if never,"
        f" {days(dead_letters.OPEN_DAYS, 'it was dismissed')}",
        "somebody has to look; `ehrensache status` names it on every day",
    ),
    Kept(
        ("audit_entry",),
        STAYS,
        "each entry is chained to the one before; opaque ids and figures, no names",
    ),
    Kept(("ended_session",), "until its last token has run out", "minutes; ids only"),
    Kept(("timer_run",), "as long as there is the timer", "names and times of our own work"),
    Kept(("schema_migrations",), STAYS, "which migrations were applied"),
)
