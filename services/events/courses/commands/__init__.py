"""What courses can be asked to do; the listing is the catalogue."""
