"""Organisations: where people volunteer, and who is written to there."""
