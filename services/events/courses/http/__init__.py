"""Translates between people and the commands of courses."""
