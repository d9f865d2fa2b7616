"""What runs the service for others: images, stacks, dashboards, alerts."""
