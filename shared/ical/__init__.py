"""Writes iCalendar bytes and knows time zones, for all services that send or publish dates."""
