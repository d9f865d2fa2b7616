"""Speech, music, mix and master."""
