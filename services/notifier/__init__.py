"""Mails, letters and the ledger of both (Benachrichtigung).

Owns which message is due to whom and what became of it; publishes that a message was sent or
failed and that letters were printed; listens to recognition's invitations and honouring events.
"""
