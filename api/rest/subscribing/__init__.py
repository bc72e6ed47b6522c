"""Subscriptions to named queries (EPCIS 2.0 §8.2.5, §12): when, to whom, what, and how far."""
