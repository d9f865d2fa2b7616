"""Speech by services over HTTP: asked for, waited for, read and checked."""
