"""Every SQL statement about imports, one module for each use."""
