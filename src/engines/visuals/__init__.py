"""Pictures: sources, motion, transitions, the compositor."""
