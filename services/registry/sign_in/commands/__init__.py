"""What can be done with a session: begin to sign in, open it, renew its token, end it."""
