"""Recognition owns honouring events: their guests, invitations, tickets and doors.

It says what happens to events, invitations and tickets (shared.contracts.recognition) and
listens to registry for the names of people and organisations and for engagements.
"""
