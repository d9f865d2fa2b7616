"""What a film costs: this renderer against the bare encoder and against a plain MoviePy script."""
