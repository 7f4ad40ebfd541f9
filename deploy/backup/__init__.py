"""Backs up a whole city, encrypted, and brings it back: database and secrets; NATS is rebuilt."""
