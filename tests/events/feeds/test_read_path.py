"""Reading a feed needs no calendar library at all."""

import subprocess
import sys


def test_nothing_that_answers_for_feeds_brings_a_calendar_library_along() -> None:
    """Source: ical.md 4.5, zero calls of icalendar on the read path; it takes 40 times as long."""
    code = (
        "import sys, services.events.feeds.gate, services.events.feeds.shelf\n"
        "print([name for name in ('icalendar', 'recurring_ical_events', 'vobject')"
        " if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
