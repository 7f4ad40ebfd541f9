"""Says how long recognition keeps its tables."""

from deploy.reference.kept.rule import STAYS, Kept, days
from services.recognition.honouring.store import forgetting as evenings
from services.recognition.honouring.store import links, pace

RULES: tuple[Kept, ...] = (
    Kept(
        (
            "honouring_event",
            "place_balance",
            "organisation_quota",
            "nomination_request",
            "guest_proposal",
            "lottery_draw",
            "carry_over",
            "invitation_wave",
        ),
        STAYS,
        "the minutes of the draw, and what a place in it was carried over from",
    ),
    Kept(
        ("invitation",),
        STAYS,
        "who was never invited comes first: the rule needs to know who was. Needs are cleared"
        f" {days(evenings.NEEDS_DAYS, 'the event')} (data about health), the companion's name"
        f" {evenings.NAMES_DAYS} days after it",
    ),
    Kept(
        ("answer_history",),
        days(evenings.NAMES_DAYS, "the event"),
        "what was said when, for questions about a place; needs are cleared after"
        f" {evenings.NEEDS_DAYS}",
    ),
    Kept(
        ("ticket", "check_in", "door_pass"),
        STAYS,
        f"how many came, without names: those are cleared {evenings.NAMES_DAYS} days after the"
        " event",
    ),
    Kept(
        ("refused_scan",),
        days(evenings.NAMES_DAYS, "the event"),
        "complaints at the door; never what was scanned",
    ),
    Kept(
        ("capability_link",),
        days(links.KEPT_DAYS, "its end"),
        "an event that is moved takes its guests' links along; links of associations stay, as"
        " hashes",
    ),
    Kept(
        ("answer_pace",),
        f"{pace.KEPT_HOURS} hour",
        "no invitation is answered more than ten times a minute",
    ),
    Kept(
        ("known_person", "known_organisation", "known_engagement"),
        "as long as registry's",
        "copies of the columns used here",
    ),
)
