"""Containers on a machine that has no engine, or that no image registry can be reached from."""
