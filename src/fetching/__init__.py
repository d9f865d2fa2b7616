"""Media that lie elsewhere, brought to this machine: by URL, or by an id of the asset manifest."""
