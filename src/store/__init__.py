"""What outlives a render on this machine's disk: finished parts for the next one, and work in progress."""
