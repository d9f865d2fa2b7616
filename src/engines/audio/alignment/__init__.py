"""When the words of a known text are heard in a sound, found without a speech model."""
