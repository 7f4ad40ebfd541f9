"""The tables of committees: who belongs to them, and when they meet."""
