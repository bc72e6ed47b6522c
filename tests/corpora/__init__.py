"""Documents that others wrote, loaded where they lie and asked."""
