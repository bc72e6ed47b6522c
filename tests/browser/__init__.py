"""A real Chromium, led through its DevTools protocol, on pages of a server of ours."""
