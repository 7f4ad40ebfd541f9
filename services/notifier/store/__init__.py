"""Every SQL statement of notifier, one typed function each."""
