"""Lists every route of events."""

from typing import Final

from services.events.courses.http.routes import ROUTES as COURSES
from services.events.feeds.http import answer_feed
from services.events.http import console, editing, imprint, months, partners, public, subscribing

ROUTES: Final = [
    public.get_list,
    public.get_event,
    public.get_event_file,
    months.get_month,
    subscribing.get_subscribe,
    answer_feed,
    imprint.get_robots,
    imprint.get_sitemap,
    imprint.get_imprint,
    imprint.get_privacy,
    imprint.get_accessibility,
    console.get_console_list,
    console.get_console_event,
    console.get_publish_question,
    console.post_publish,
    console.get_cancel_question,
    console.post_cancel,
    editing.get_new,
    editing.post_new,
    editing.get_change,
    editing.post_change,
    editing.get_reschedule,
    editing.post_reschedule,
    partners.get_partners,
    partners.get_partner,
    partners.post_trust,
    partners.get_raw,
    *COURSES,
]
