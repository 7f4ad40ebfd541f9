"""The routes about honouring events, one module for each noun."""
