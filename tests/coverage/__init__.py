"""Completeness: what is kept of every entry, registers, and the measures over them."""
