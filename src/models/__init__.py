"""Data that crosses borders: the job on the wire, the timeline inside, the status handed back."""
