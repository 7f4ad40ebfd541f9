"""The honouring event (Würdigungsveranstaltung), from planning it to the door."""
