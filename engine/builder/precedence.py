"""Which of two records of an instance comes first in every reading (design rule 15)."""

from __future__ import annotations

from engine.builder.records import Act, Record, same_event


def must_precede(one: Record, other: Record) -> bool:
    """True where no reading puts `other` before `one`: time says so, a consignment, a container, or one event's own."""
    if one.time.surely_before(other.time):
        return True
    if one.act is Act.DEPART and other.act is Act.ARRIVE and one.consignments & other.consignments:
        return one.time.maybe_before(other.time)
    if _in_one_journey(one, other) and {Act.LEG, Act.UNPACK} & {one.act, other.act}:
        return one.order < other.order
    if same_event(one.event, other.event):
        return _within_event(one) < _within_event(other)
    return False


def _in_one_journey(one: Record, other: Record) -> bool:
    """Whether a container's journey tells which came first: not for moments whose order it leaves open itself.

    Nor for a putting in and a taking out at one place: in which order, makes no odds to the container.
    """
    if one.container is None or one.container != other.container:
        return False
    may_be_one = one.place == other.place or None in (one.place, other.place)
    if Act.LEG not in (one.act, other.act) and may_be_one and one.time.overlaps(other.time):
        return False
    return one.group is None or one.group != other.group or same_event(one.event, other.event)


def _within_event(record: Record) -> tuple[bool, int, int]:
    """A container moves what is in it first; what goes in and comes out of a transformation goes in first."""
    rework = record.order if record.act in (Act.USE, Act.MAKE) else 0
    return record.act is not Act.LEG, rework, int(record.act)
