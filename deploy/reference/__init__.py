"""Writes the reference pages that are generated from the code: facts, asks, AsyncAPI, roles."""
