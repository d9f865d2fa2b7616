"""Finished parts of films, shared between machines through a store of objects."""
