"""Says for each owner of tables how long their rows are kept."""
