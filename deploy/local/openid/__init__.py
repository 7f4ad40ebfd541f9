"""The OpenID provider of the local run, on which one demo user per role can be picked."""
