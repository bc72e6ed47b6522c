"""The server: one application over one store."""
