"""Lets staff sign in at the city's OpenID provider, and keeps their sessions."""
