"""Probe, decode, colour, timebase, fonts: the only place that opens containers or runs ffmpeg."""
