"""The message broker: jobs that it brings, and turns that it hands out."""
