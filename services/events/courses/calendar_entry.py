"""Says what the public calendar shows of a run."""

from datetime import datetime
from typing import Final

from services.events.content import EventContent
from services.events.courses.model import Course, CourseRun
from services.events.site import Site

CATEGORY: Final = "education"
"""Code of the category that all courses are in."""
PUBLIC: Final = "/kurse"


def run_path(course_run_id: object) -> str:
    """Return the path of a run's public page."""
    return f"{PUBLIC}/{course_run_id}"


def content_of(run: CourseRun, course: Course, site: Site) -> EventContent:
    """Return the calendar's text and times: the first day, and further days as its repetitions."""
    (starts, ends), *further = run.times.sessions
    return EventContent(
        title=course.title,
        description=_description(course),
        place_name=run.place_name,
        place_address=run.place_address,
        organiser=course.organiser,
        website=site.public_url + run_path(run.course_run_id),
        categories=[CATEGORY],
        starts=starts,
        ends=ends,
        zone=run.zone,
        added=_added(further),
    )


def _added(further: list[tuple[datetime, datetime]]) -> list[datetime]:
    return [starts for starts, _ in further]


def _description(course: Course) -> str:
    parts = [
        course.description,
        f"Voraussetzungen: {course.prerequisites}" if course.prerequisites else "",
        f"Preis: {course.price}" if course.price else "",
    ]
    return "\n\n".join(part for part in parts if part)
