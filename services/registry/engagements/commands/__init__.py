"""What can be asked of registry about engagements."""
