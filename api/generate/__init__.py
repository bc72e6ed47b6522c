"""Simulated supply chains.

In: a seed and a size. Out: EPCIS 2.0 events (§7.4), and the truth of their goods. The truth is computed from
what the goods did, never from the events. Since it judges the engine, this package knows neither the engine
nor the loaders.
"""
