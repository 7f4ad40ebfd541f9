"""The kit that all services stand on: a closed list of small modules that import no service."""
