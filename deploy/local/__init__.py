"""The real servers, started from wheels, for a run on one machine and for the tests."""
