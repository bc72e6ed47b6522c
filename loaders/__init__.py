"""Bytes to events: one module a format. In: paths or streams. Out: `Event` or `Rejected`, in the order of the source."""
