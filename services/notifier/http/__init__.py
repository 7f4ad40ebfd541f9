"""Notifier's pages: the ledger, the switch for sending, batches of letters, opting out."""
