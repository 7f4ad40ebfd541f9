"""What can be asked of recognition about an honouring event, one file for each command."""
