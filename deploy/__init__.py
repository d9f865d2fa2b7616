"""What runs the service on machines of one's own: images, stacks, dashboards."""
