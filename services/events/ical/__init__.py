"""Writes iCalendar bytes that every calendar client reads, without any library."""
