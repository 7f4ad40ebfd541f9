"""Publishes feeds: ready bytes, by revision, at the cost of a static file."""
