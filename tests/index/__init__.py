"""Laws of the index and its walks."""
