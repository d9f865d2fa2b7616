"""Captions: words to cues, cues to sprites, cues to sidecar files."""
