"""Owns calendar events, feeds and partners' items.

Publishes EventPublished, EventChanged, EventRescheduled, EventCancelled and what became of items.
Listens to recognition's honouring events and to one ingest stream per partner.
"""
