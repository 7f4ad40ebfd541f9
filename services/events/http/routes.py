"""Lists every route of events."""

from typing import Final

from services.events.feeds.http import answer_feed
from services.events.http.imprint import (
    get_accessibility,
    get_imprint,
    get_privacy,
    get_robots,
    get_sitemap,
)
from services.events.http.months import get_month
from services.events.http.public import get_event, get_event_file, get_list
from services.events.http.subscribing import get_subscribe

ROUTES: Final = [
    get_list,
    get_month,
    get_subscribe,
    get_event,
    get_event_file,
    answer_feed,
    get_robots,
    get_sitemap,
    get_imprint,
    get_privacy,
    get_accessibility,
]
