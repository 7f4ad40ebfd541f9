"""Every SQL statement of events, by what it is about."""
