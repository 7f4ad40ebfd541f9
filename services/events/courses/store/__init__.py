"""Every statement about courses."""
