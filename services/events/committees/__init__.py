"""Committees meet by themselves: their dates are seen by their members only."""
