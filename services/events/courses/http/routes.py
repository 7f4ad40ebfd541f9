"""Lists every route of courses."""

from typing import Final

from services.events.courses.http import (
    console_changes,
    console_courses,
    console_runs,
    desk,
    forgetting,
    one_participant,
    participant,
    participants,
    public,
    substitute,
)

ROUTES: Final = [
    *public.ROUTES,
    *participant.ROUTES,
    *substitute.ROUTES,
    *forgetting.ROUTES,
    *console_courses.ROUTES,
    *console_runs.ROUTES,
    *console_changes.ROUTES,
    *participants.ROUTES,
    *desk.ROUTES,
    *one_participant.ROUTES,
]
