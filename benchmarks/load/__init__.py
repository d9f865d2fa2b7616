"""How many jobs a second the service takes in, durably, and how long a caller waits."""
