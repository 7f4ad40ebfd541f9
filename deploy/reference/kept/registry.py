"""Says how long registry keeps its tables."""

from deploy.reference.kept.rule import STAYS, Kept, days, of
from services.registry import store as records
from services.registry.imports.store import findings
from services.registry.sign_in.model import ATTEMPT
from services.registry.sign_in.model import KEPT as SESSIONS_KEPT

RULES: tuple[Kept, ...] = (
    Kept(
        ("person", "organisation", "engagement"),
        STAYS,
        "the register itself, kept up by the lists that are imported",
    ),
    Kept(
        ("change_entry",),
        days(records.CHANGES_KEPT_DAYS, "the change"),
        "two rounds of yearly lists, to find out where a wrong address came from",
    ),
    Kept(
        ("import_job",),
        days(findings.IMPORT_DAYS, "its end"),
        "figures and who did it; the file itself goes when it is imported, or after"
        f" {findings.CHECKED_KEPT.days} days if nobody confirms it",
    ),
    Kept(
        ("import_finding",),
        of(findings.KEPT, "the import's end"),
        "lines of the file, to be corrected at their source",
    ),
    Kept(
        ("sign_in_attempt",),
        f"{ATTEMPT.seconds // 60} minutes",
        "a sign-in that nobody finished",
    ),
    Kept(
        ("staff_session",),
        of(SESSIONS_KEPT, "its beginning"),
        "who was signed in, should an account have been stolen",
    ),
)
