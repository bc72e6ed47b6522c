"""Requests that others published, and how they are answered here."""
