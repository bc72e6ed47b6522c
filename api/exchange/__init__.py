"""Packages of events between platforms (ADR 0029): NDJSON and a manifest in a ZIP; who takes one gives a receipt."""
