"""Says how long notifier keeps its tables."""

from deploy.reference.kept.rule import STAYS, Kept, days
from services.notifier.store import forgetting as messages
from services.notifier.store import prints

RULES: tuple[Kept, ...] = (
    Kept(
        ("message", "letter"),
        days(messages.KEPT_DAYS, "it was due"),
        "what was sent to whom; neither text nor address; what still waits is never deleted",
    ),
    Kept(
        ("letter_batch", "letter_print"),
        days(messages.KEPT_DAYS, "it was closed, once its letters are gone"),
        "who printed and posted which letters",
    ),
    Kept(
        ("letter_file",),
        f"{prints.KEPT_SECONDS // 60} minutes",
        "the PDF with names and codes, until somebody has fetched it",
    ),
    Kept(
        ("known_event", "known_invitation"),
        STAYS,
        "which version of an event or invitation was told last; ids only",
    ),
    Kept(("mail_opt_out",), STAYS, "who wants letters does not have to say so again"),
    Kept(("sending_control",), STAYS, "one row"),
)
