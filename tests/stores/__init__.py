"""What holds for every store, as one contract suite a port, and what holds for each store's own files."""
