"""Says how long events keeps its tables."""

from deploy.reference.kept.rule import STAYS, Kept, days, of
from services.events import history
from services.events import timers as events
from services.events.associations.store import mails
from services.events.courses import links as courses
from services.events.upkeep import UNUSED

RULES: tuple[Kept, ...] = (
    Kept(
        ("category", "feed", "composed_feed", "calendar_event", "occurrence", "event_ical"),
        STAYS,
        "the public calendar; subscribers keep what was there",
    ),
    Kept(
        ("audience", "district", "place", "organiser"),
        STAYS,
        "what events name; editors delete what is no longer used",
    ),
    Kept(("event_image",), of(UNUSED, "no event names it"), "what events show"),
    Kept(("offer_link",), "as long as its event", "when a link was looked at, and what it said"),
    Kept(("event_to_rewrite",), "seconds", "an event to be written again; ids only"),
    Kept(
        ("event_revision",),
        of(history.KEPT, "it was made, or as long as its event"),
        "who changed what, to be looked at and taken back; names of editors and associations",
    ),
    Kept(
        ("submission", "organiser_link", "committee", "committee_event"),
        STAYS,
        "whose events they are; of a link only the hash, and no names of members",
    ),
    Kept(
        ("organiser_mail_link",),
        days(mails.KEPT_DAYS, "the mail, or until editors call the association's link back"),
        "the way from a mail to the association's event; only the hash",
    ),
    Kept(
        ("committee_member", "committee_link"),
        of(events.MEMBERS_KEPT, "the member has left"),
        "who belongs to a committee, name and e-mail; of a link only the hash",
    ),
    Kept(
        ("course", "course_run", "course_place_balance"),
        STAYS,
        "what is taught when; they stand in the calendar, and say how many took part",
    ),
    Kept(
        ("course_registration",),
        f"{courses.UNCONFIRMED_HOURS} hours until it is confirmed; then it stays, without name"
        f" and e-mail {courses.RETENTION_DAYS} days after the run",
        "who takes part, and certificates; afterwards only how many",
    ),
    Kept(
        ("course_link",),
        days(courses.RETENTION_DAYS, "the run"),
        "the way to one's own registration; only the hash",
    ),
    Kept(
        ("event_redirect", "duplicate_suspicion"),
        STAYS,
        "addresses that people have kept, and what editors found out about look-alikes",
    ),
    Kept(
        ("partner", "partner_trust", "partner_pull"),
        STAYS,
        "until the operator removes it, with all that is its own",
    ),
    Kept(
        ("partner_item",),
        f"stays; {events.QUARANTINE.days} days if it was never taken",
        "what a partner said last, to tell a change from a repetition",
    ),
    Kept(
        ("partner_message", "receipt"),
        of(events.KEPT, "it was received"),
        "a partner asks what became of a message",
    ),
)
