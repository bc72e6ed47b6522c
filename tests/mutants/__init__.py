"""Planted faults: that the laws on random worlds see each of them, or that they would not see a fault like it."""
