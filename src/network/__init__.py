"""Calls to other machines, guarded."""
