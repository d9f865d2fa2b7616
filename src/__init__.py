"""NeuroShorts: a JSON job becomes a finished vertical short."""

__version__ = "0.1.0"
