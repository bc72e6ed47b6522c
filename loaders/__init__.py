"""Bytes to events: one module a format. In: paths or streams. Out: events and rejections, in order of the source."""
