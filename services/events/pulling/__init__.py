"""Fetches the calendars of partners who cannot publish, and hands them to the same intake."""
