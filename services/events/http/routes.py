"""Lists every route of events."""

from services.events.feeds.http import answer_feed

ROUTES = [answer_feed]
