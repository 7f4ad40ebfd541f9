"""Every SQL statement about organisations, one module for each use."""
