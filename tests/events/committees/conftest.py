"""Opens the real application of events for members and for the editors who know them."""

from tests.events.http.conftest import app, living, visitor

__all__ = ["app", "living", "visitor"]
