"""A made-up city to try Ehrensache with."""
