"""How far a database is true. In: the ledger's node, the nodes `Mark`. Out: `Mark`.

Rows beyond the mark are those of a write that is not finished; readers skip them. A server shows a commit piece by
piece, properties before what its indexes find. So a writer, who has the lock, reads the ledger's node; a reader reads
the newest `Mark`, which is made once all that it speaks of was committed, and is found by an index, so whole.
"""

from __future__ import annotations

from typing import ClassVar

from engine.ledger import Head


class Mark:
    """The head of the ledger, and the last position that anything is true from, as one transaction has them."""

    WRITTEN: ClassVar[str] = "MATCH (l:Ledger {name: 'ledger'}) RETURN l.position, l.hash, l.accepted, l.reached"
    SHOWN: ClassVar[str] = (
        "MATCH (m:Mark) WHERE m.position >= 0 AND m.reached >= 0 "
        "RETURN m.position, m.hash, m.accepted, m.reached ORDER BY m.position DESC, m.reached DESC LIMIT 1"
    )
    WRITE: ClassVar[str] = (
        "MATCH (l:Ledger {name: 'ledger'}) "
        "SET l.position = $position, l.hash = $hash, l.accepted = $accepted, l.reached = $reached"
    )
    SHOW: ClassVar[str] = (
        "MERGE (m:Mark {position: $position, reached: $reached}) SET m.hash = $hash, m.accepted = $accepted "
        "WITH m MATCH (old:Mark) WHERE old.position < $position - 1000 DELETE old"
    )
    """Older marks go, but not at once: a reader may be about to read one."""

    def __init__(self, head: Head, reached: int) -> None:
        self.head = head
        self.reached = reached
        self.begun = self.position
        """The position before this write: what is true from it on or earlier, readers see."""
        self.broken = False
        """A write that went in parts was broken off: what has no positions is not to be trusted."""
        self.derived_anew = False

    @property
    def position(self) -> int:
        """The last position that anything is true from."""
        return max(self.head.position, self.reached)

    def reach(self, seq: int) -> None:
        """Something is true from this position."""
        self.reached = max(self.reached, seq)

    def properties(self) -> dict[str, object]:
        """What the ledger's node says."""
        head = self.head
        return {"position": head.position, "hash": head.hash, "accepted": head.accepted, "reached": self.reached}
