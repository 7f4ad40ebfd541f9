"""Every SQL statement about honouring events, one module for each noun."""
