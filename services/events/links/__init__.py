"""Other people's offers that only stand here: whether their links still lead somewhere."""
