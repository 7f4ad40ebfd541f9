"""What editors do about committees, their members and their meetings."""
