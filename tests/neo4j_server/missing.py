"""What keeps a server from being had here: a sentence that says what to do goes out."""

from __future__ import annotations


class Missing(Exception):
    """Something that a server needs is not on this machine; the text says what, and what to do.

    It is no fault of the server: one that is there and does not start raises another error.
    """
