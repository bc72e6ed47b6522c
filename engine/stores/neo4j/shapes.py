"""Who has which rows. In: each owner's rows. Out: rows opened and closed at one position.

A shape is the set of rows of one owner's part. Owners whose goods moved as one have the same rows, hence one shape; a
row is live while some shape with an owner has it. All owners of a change are asked about, and written, at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.stores.neo4j.mark import Moment
from engine.stores.neo4j.session import Session
from engine.stores.queries import load_queries
from engine.stores.rows import RowKind, shape_digest

_CYPHER = load_queries(__package__, "graph.cypher")
_LENGTH = 16

Digests = tuple[bytes, ...]
"""Row digests in order."""


@dataclass(frozen=True, slots=True)
class Value:
    """A row as the database keeps it."""

    kind: RowKind
    place: str
    """What orders it among the rows of one position: a vertex's time and id, a flow's time, a gap's item."""
    content: bytes


@dataclass(slots=True)
class Changes:
    """What becomes of rows at one position."""

    opened: list[bytes] = field(default_factory=list)
    reopened: dict[bytes, int] = field(default_factory=dict)
    """With how many shapes have them."""
    counted: dict[bytes, int] = field(default_factory=dict)
    closed: list[bytes] = field(default_factory=list)
    forgotten: list[bytes] = field(default_factory=list)


def set_parts(session: Session, parts: Mapping[str, Mapping[bytes, Value]], seq: Moment) -> Changes:
    """These rows (by digest) are their owners', in place of their former ones; what that opened and closed."""
    values = {digest: value for rows in parts.values() for digest, value in rows.items()}
    wanted = {owner: tuple(sorted(rows)) for owner, rows in parts.items()}
    shapes = {owner: shape_digest(rows) if rows else None for owner, rows in wanted.items()}
    rows_of = {shape: wanted[owner] for owner, shape in shapes.items() if shape is not None}
    former = {owner: bytes.fromhex(shape) for owner, shape in session.rows_of(_CYPHER["shapes_of_owners"], list(parts))}
    changed = {owner: shape for owner, shape in shapes.items() if shape != former.get(owner)}
    owners: Counter[bytes] = Counter()
    for owner, shape in changed.items():
        if owner in former:
            owners[former[owner]] -= 1
        if shape is not None:
            owners[shape] += 1
    counts = _count_owners(session, owners, rows_of)
    _write_parts(session, changed)
    changes = _sort(session, counts, seq)
    _write_rows(session, changes, counts, values, seq)
    return changes


def _count_owners(session: Session, owners: Counter[bytes], rows_of: Mapping[bytes, Digests]) -> Counter[bytes]:
    """Keep how many owners each shape has; by row, how many shapes more have it."""
    found = session.rows_of(_CYPHER["shapes"], [shape.hex() for shape in owners])
    known = {bytes.fromhex(shape): (number, rows) for shape, number, rows in found}
    counts: Counter[bytes] = Counter()
    kept: list[dict[str, Any]] = []
    dropped: list[str] = []
    for shape, change in owners.items():
        number, packed = known.get(shape, (0, None))
        if number + change:
            new = None if packed is not None else rows_of[shape]
            kept.append(
                {"digest": shape.hex(), "owners": number + change, "rows": None if new is None else b"".join(new)}
            )
            counts.update(dict.fromkeys(new or (), 1))
        elif packed is not None:
            dropped.append(shape.hex())
            counts.update(dict.fromkeys(_unpack(packed), -1))
    session.run_many(_CYPHER["drop_shapes"], dropped)
    session.run_many(_CYPHER["set_shapes"], kept)
    return counts


def _write_parts(session: Session, changed: Mapping[str, bytes | None]) -> None:
    session.run_many(_CYPHER["drop_parts"], [owner for owner, shape in changed.items() if shape is None])
    kept = [{"owner": owner, "shape": shape.hex()} for owner, shape in changed.items() if shape is not None]
    session.run_many(_CYPHER["set_parts"], kept)


def _sort(session: Session, counts: Mapping[bytes, int], seq: Moment) -> Changes:
    """What becomes of each row whose count changes."""
    asked = {digest: change for digest, change in counts.items() if change}
    live: dict[bytes, tuple[int, int]] = {}
    away: set[bytes] = set()
    for name, shapes, from_seq, to_seq in session.rows_of(_CYPHER["live_rows"], [d.hex() for d in asked], seq=seq):
        if to_seq is None:
            live[bytes.fromhex(name)] = (shapes, from_seq)
        else:
            away.add(bytes.fromhex(name))
    changes = Changes()
    for digest, change in asked.items():
        if digest not in live:
            if digest in away:
                changes.reopened[digest] = change
            else:
                changes.opened.append(digest)
            continue
        shapes, from_seq = live[digest]
        if shapes + change:
            changes.counted[digest] = shapes + change
        elif from_seq == seq:
            changes.forgotten.append(digest)
        else:
            changes.closed.append(digest)
    return changes


def _write_rows(
    session: Session, changes: Changes, counts: Mapping[bytes, int], values: Mapping[bytes, Value], seq: Moment
) -> None:
    opened = (_node(digest, values[digest], counts[digest]) for digest in changes.opened)
    session.run_many(_CYPHER["open_rows"], opened, seq=seq)
    session.run_many(_CYPHER["reopen_rows"], _counted(changes.reopened), seq=seq)
    session.run_many(_CYPHER["count_rows"], _counted(changes.counted))
    session.run_many(_CYPHER["close_rows"], [digest.hex() for digest in changes.closed], seq=seq)
    session.run_many(_CYPHER["forget_rows"], [digest.hex() for digest in changes.forgotten], seq=seq)


def _node(digest: bytes, value: Value, shapes: int) -> dict[str, Any]:
    return {
        "digest": digest.hex(), "kind": value.kind.value, "place": value.place, "content": value.content,
        "shapes": shapes, "gap_of": value.place if value.kind is RowKind.GAP else None,
    }  # fmt: skip


def _counted(shapes: Mapping[bytes, int]) -> Iterable[dict[str, Any]]:
    return [{"digest": digest.hex(), "shapes": number} for digest, number in shapes.items()]


def _unpack(packed: bytes) -> Iterator[bytes]:
    return (packed[at : at + _LENGTH] for at in range(0, len(packed), _LENGTH))
