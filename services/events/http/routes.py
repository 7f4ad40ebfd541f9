"""Lists every route of events."""

from typing import Final

from services.events.feeds.http import answer_feed
from services.events.http import (
    console,
    editing,
    imprint,
    months,
    overrides,
    partner_decisions,
    partners,
    public,
    subscribing,
)

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
    overrides.post_reset,
    partners.get_partners,
    partners.get_partner,
    partner_decisions.post_trust,
    partner_decisions.post_verdict,
    partner_decisions.get_verdict_question,
    partner_decisions.post_verdict_on_all,
    partner_decisions.post_reviewed,
    partners.get_raw,
]
