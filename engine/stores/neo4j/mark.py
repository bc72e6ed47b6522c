"""How far a database is true. In: the ledger's node, the nodes `Mark`. Out: `Mark`.

Rows beyond the mark are those of a write that is not finished; readers skip them. A server shows a commit piece by
piece, properties before what its indexes find. So a writer, who has the lock, reads the ledger's node; a reader reads
the newest `Mark`, which is made once all that it speaks of was committed, and is found by an index, so whole.

What is derived anew is true from a position that readers see already. Each such write is an *edition* of the graph, and
what it opens and closes carries its position and, as millionths of one, its edition: it lies beyond the mark as any
other write does, and readers who have the position but an earlier edition skip it.
"""

from __future__ import annotations

from typing import ClassVar

from engine.ledger import Head

Moment = float
"""A position as rows carry it: whole, or with an edition behind it."""

_EDITIONS = 1_000_000


def moment_of(seq: int, edition: int) -> Moment:
    """The last moment of a position that a reader of an edition sees."""
    return seq + edition / _EDITIONS if edition else seq


def span_of(from_seq: Moment, to_seq: Moment | None, upto: Moment) -> tuple[int, int | None] | None:
    """The positions between which a row is true, as a reader knows them; None: there are none.

    So it is with what began at a position and was not derived again there.
    """
    begun, ended = int(from_seq), None if to_seq is None or to_seq > upto else int(to_seq)
    return None if begun == ended else (begun, ended)


class Mark:
    """The head of the ledger, and the last position that anything is true from, as one transaction has them."""

    WRITTEN: ClassVar[str] = (
        "MATCH (l:Ledger {name: 'ledger'}) "
        "RETURN l.position, l.hash, l.accepted, l.reached, coalesce(l.edition, 0) AS edition"
    )
    SHOWN: ClassVar[str] = (
        "MATCH (m:Mark) WHERE m.position >= 0 AND m.reached >= 0 "
        "RETURN m.position, m.hash, m.accepted, m.reached, coalesce(m.edition, 0) AS edition "
        "ORDER BY m.position DESC, m.reached DESC LIMIT 1"
    )
    WRITE: ClassVar[str] = (
        "MATCH (l:Ledger {name: 'ledger'}) SET l.position = $position, l.hash = $hash, l.accepted = $accepted, "
        "l.reached = $reached, l.edition = $edition"
    )
    SHOW: ClassVar[str] = (
        "MERGE (m:Mark {position: $position, reached: $reached}) "
        "SET m.hash = $hash, m.accepted = $accepted, m.edition = $edition "
        "WITH m MATCH (old:Mark) WHERE old.position < $position - 1000 DELETE old"
    )
    """Older marks go, but not at once: a reader may be about to read one."""

    def __init__(self, head: Head, reached: int, edition: int) -> None:
        self.head = head
        self.reached = reached
        self.edition = edition
        """How often something was derived anew at a position that readers saw."""
        self.begun = self.position
        """The position before this write: what is true from it on or earlier, readers see."""
        self._begun_edition = edition
        self.broken = False
        """A write that went in parts was broken off: what has no positions is not to be trusted."""
        self.derived_anew = False

    @property
    def position(self) -> int:
        """The last position that anything is true from."""
        return max(self.head.position, self.reached)

    @property
    def shown(self) -> Moment:
        """What is true beyond this moment is not to be read."""
        return moment_of(self.position, self.edition)

    def at(self, seq: int) -> Moment:
        """A position as a reader has it."""
        return moment_of(seq, self.edition)

    def reach(self, seq: int) -> None:
        """Something is true from this position."""
        self.reached = max(self.reached, seq)

    def moment(self, seq: int) -> Moment:
        """What rows that are true from this position carry, so that readers see none of it before the mark."""
        self.reach(seq)
        if seq > self.begun:
            return seq
        self.begin_edition()
        return moment_of(seq, self.edition)

    def begin_edition(self) -> None:
        """What this write derives is derived anew."""
        self.edition = self._begun_edition + 1

    def properties(self) -> dict[str, object]:
        """What the ledger's node says."""
        head = self.head
        return {
            "position": head.position, "hash": head.hash, "accepted": head.accepted,
            "reached": self.at(self.reached), "edition": self.edition,
        }  # fmt: skip
