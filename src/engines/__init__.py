"""The engines: each carries out its part of a Timeline and knows nothing of the others."""
