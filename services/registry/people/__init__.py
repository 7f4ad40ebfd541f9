"""People: who volunteers, and how they can be reached."""
