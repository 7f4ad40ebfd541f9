"""What notifier can be asked to do."""
