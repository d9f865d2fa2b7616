"""Jobs on the disk of record: accepted, worked on, ended; the same on SQLite and PostgreSQL."""
