"""The way of a job from JSON to a finished film on this machine."""
