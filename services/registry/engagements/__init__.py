"""Engagements: who does what, where, since when and for how long each week."""
