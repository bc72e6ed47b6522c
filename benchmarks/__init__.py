"""Measurements against the peers: `make bench` runs all and prints them as the page docs/benchmarks.md."""
