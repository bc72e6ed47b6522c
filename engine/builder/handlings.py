"""When goods were put into a container and taken out of it (design rule 5). In: records, a journey. Out: by moment.

A record belongs to a moment of the container's journey. Where the order of a packing and of a taking out is open, the
goods may have been put in first.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.builder.journey import Moment
from engine.builder.records import Act, Packing, Record
from engine.builder.riding import moment_of


def handlings_of(records: Sequence[Record], journey: Sequence[Moment]) -> dict[int, list[Record]]:
    """By moment: what was put in and taken out. What may have been put in before a taking, is, if nothing else was."""
    told: dict[int, list[Record]] = {}
    packed: list[tuple[int, Record]] = []
    for record in sorted(records, key=lambda r: (r.act is Act.UNPACK, r.time, r.event.id)):
        at = moment_of(record, journey)
        if at is None:
            continue
        if record.act is Act.PACK:
            packed.append((at, record))
        elif record.act is Act.UNPACK and not _had_before(record, packed, journey):
            at = max(
                [
                    at,
                    *(later for later, other in packed if _stayed(journey, at, later) and order_is_open(other, record)),
                ]
            )
        told.setdefault(at, []).append(record)
    return told


def _had_before(taking: Record, packed: Sequence[tuple[int, Record]], journey: Sequence[Moment]) -> bool:
    """Whether something was put in surely before a taking, and not surely out by then."""
    emptied = [m.event.time for m in journey if m.packing is Packing.EMPTIES and m.sure]
    cleared = [time for time in emptied if time.surely_before(taking.time)]
    return any(
        other.time.surely_before(taking.time) and not any(other.time.surely_before(time) for time in cleared)
        for _, other in packed
    )


def order_is_open(packing: Record, unpacking: Record) -> bool:
    """Whether it is open which came first."""
    return packing.time.overlaps(unpacking.time)


def _stayed(journey: Sequence[Moment], first: int, last: int) -> bool:
    """Whether the container went nowhere between two moments."""
    return first < last and not any(moment.legs for moment in journey[first + 1 : last + 1])


def may_be_during(moment: Moment, handled: Moment, record: Record) -> bool:
    """Whether the container went through a moment before or after something was put in or taken out."""
    if moment.group is None or moment.group != handled.group or moment.event.id == handled.event.id:
        return False
    return record.time.overlaps(moment.event.time)
