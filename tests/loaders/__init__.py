"""The loaders: files of others and files of our own making, whole and broken."""
