"""The simulated world, judged by its own books."""
