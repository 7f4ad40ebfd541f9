"""Takes the pictures that README.md and the guides show, of a system that runs for it alone."""
