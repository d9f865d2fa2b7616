"""Finished films on their way to where they are wanted."""
