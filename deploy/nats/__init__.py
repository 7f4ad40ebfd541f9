"""What a NATS server must know before the services start: accounts, users, streams."""
