"""What associations, and editors about them, can ask for."""
