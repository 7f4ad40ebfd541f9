"""The tables of associations: who holds which link, and which events are whose."""
