"""The `neuroshorts` command."""
