"""Every SQL statement about people, one module for each use."""
