"""What events can be asked to do; the listing is the catalogue."""
