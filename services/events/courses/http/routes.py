"""Lists every route of courses."""

from typing import Final

from services.events.courses.http import (
    console_changes,
    console_courses,
    console_runs,
    participant,
    participants,
    public,
    substitute,
)

ROUTES: Final = [
    *public.ROUTES,
    *participant.ROUTES,
    *substitute.ROUTES,
    *console_courses.ROUTES,
    *console_runs.ROUTES,
    *console_changes.ROUTES,
    *participants.ROUTES,
]
