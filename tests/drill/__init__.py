"""Drills of the stories (ADR 0031)."""
