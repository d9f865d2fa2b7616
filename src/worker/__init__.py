"""Jobs of the store carried out: claimed, rendered in processes of their own, ended once."""
