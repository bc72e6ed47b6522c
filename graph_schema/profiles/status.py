"""How sure a fact is: what is unverified is never shown as law. In: nothing. Out: `Status`."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How sure a fact is."""

    VERIFIED = "verified"
    """Read in a source, which is named."""
    VERIFIED_LOCAL = "verified_local"
    """Read in a rule of a province or city."""
    DRAFT = "draft"
    """Read in a draft for consultation."""
    MEMORY = "memory"
    """Not verified."""
    PROPOSED = "proposed"
    """A proposal, no law behind it."""

    @property
    def marked(self) -> str:
        """The word, and that it is unverified where it is."""
        verified = self in (Status.VERIFIED, Status.VERIFIED_LOCAL)
        return self.value if verified else f"{self.value} (unverified)"
