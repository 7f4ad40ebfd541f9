"""How Ehrensache is run: servers, roles, accounts, streams, and the operator's command line."""
