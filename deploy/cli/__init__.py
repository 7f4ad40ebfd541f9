"""The operator's command line: one module for each command of `ehrensache`."""
