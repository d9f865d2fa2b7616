"""What is needed to work with the stores of cloud providers: clients, credentials, signed URLs."""
