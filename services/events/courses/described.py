"""Describes a course and one of its runs for search engines, as schema.org JSON-LD.

Source: schema.org/Course, schema.org/CourseInstance; Google, structured data for courses.
"""

from datetime import datetime
from typing import Any, Final

from services.events.courses.calendar_entry import run_path
from services.events.courses.model import Balance, Course, CourseRun
from services.events.json_ld import offered
from services.events.site import Site
from shared.ical.timezone import instant, zone

_SCHEMA: Final = "https://schema.org/"


def described(course: Course, run: CourseRun, balance: Balance, site: Site) -> dict[str, Any]:
    """Return the course with this run in schema.org's words; what is not known is left out."""
    url = site.public_url + run_path(run.course_run_id)
    told = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "url": url,
        "description": course.description,
        "coursePrerequisites": course.prerequisites,
        "inLanguage": "de",
        "provider": {"@type": "Organization", "name": course.organiser} if course.organiser else {},
        "hasCourseInstance": [_instance(course, run, balance, url)],
        **(offered(course.price, url) if course.price else {}),
    }
    return {name: value for name, value in told.items() if value or value is False}


def _instance(course: Course, run: CourseRun, balance: Balance, url: str) -> dict[str, Any]:
    sessions = run.times.sessions
    moved = run.previous_starts_at is not None and run.state != "cancelled"
    status = "EventCancelled" if run.state == "cancelled" else "EventScheduled"
    instance: dict[str, Any] = {
        "@type": "CourseInstance",
        "@id": url,
        "url": url,
        "name": course.title,
        "courseMode": "onsite",
        "eventAttendanceMode": _SCHEMA + "OfflineEventAttendanceMode",
        "eventStatus": _SCHEMA + ("EventRescheduled" if moved else status),
        "startDate": _moment(sessions[0][0], run.zone),
        "endDate": _moment(sessions[-1][1], run.zone),
        "location": _place(run),
        "maximumAttendeeCapacity": balance.maximum,
        "remainingAttendeeCapacity": balance.left,
        "subEvent": [_session(course, run, *one) for one in sessions] if len(sessions) > 1 else [],
    }
    if moved and run.previous_starts_at is not None:
        instance["previousStartDate"] = run.previous_starts_at.astimezone(
            zone(run.zone)
        ).isoformat()
    return {name: value for name, value in instance.items() if value or value == 0}


def _session(course: Course, run: CourseRun, starts: datetime, ends: datetime) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": course.title,
        "startDate": _moment(starts, run.zone),
        "endDate": _moment(ends, run.zone),
        "location": _place(run),
    }


def _place(run: CourseRun) -> dict[str, Any]:
    told = {"@type": "Place", "name": run.place_name, "address": run.place_address}
    return {name: value for name, value in told.items() if value}


def _moment(wall: datetime, name: str) -> str:
    return instant(wall, name).astimezone(zone(name)).isoformat()
