"""Associations submit their events through a link of their own, without an account."""
