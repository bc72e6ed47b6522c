"""Questions asked of small graphs and of events."""
