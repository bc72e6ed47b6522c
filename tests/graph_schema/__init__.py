"""Tests of the words: events, identifiers, vocabularies, steps, units and the event hash."""
