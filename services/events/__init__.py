"""Owns calendar events, feeds, partners' items, and courses with their participants.

Publishes Event…, PartnerItem…, CourseRun…, what became of registrations.
Listens to recognition's honouring events and to one ingest stream per partner.
"""
