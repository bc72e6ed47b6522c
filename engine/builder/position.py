"""Where a record leaves an instance, and what must have been lost for it to happen there (design rules 5, 8, 15).

In: a `State` and a record. Out: the next state, and a cost: 0 where records tell how it came to be there, `ONE_LOSS`
where a movement of it lost its departure or its arrival, or a record its place, more where more must have been lost.
"""

from __future__ import annotations

from engine.builder.journey import of_container
from engine.builder.records import Act, Packing, Record
from graph_schema.flow_graph import Stay

ONE_LOSS = 1
"""What a movement costs of which one end, the departure or the arrival, was not recorded, and a place that no record
names, taken for one; more: both ends."""

_NONE: frozenset[str] = frozenset()

Position = tuple[str, str | None, str | None, frozenset[str]] | None
"""('at', site, of an unknown one where it came from), ('way', destination, origin), ('gone', None, None), or None:
nothing recorded yet; each with the consignments that the record which led there names."""

SOMEWHERE: Position = ("at", None, None, _NONE)
"""Not on the way, and no record names the place."""

_HANDLED = frozenset({Act.PACK, Act.UNPACK, Act.USE, Act.TOUCH, Act.CLEAN, Act.END})
"""Acts on what is not on the way."""

State = tuple[Position, frozenset[str] | None, str | None]
"""Where it is, what is in it (None: nobody knows), and what it is in (`SOMETHING`: nobody knows)."""

SOMETHING = ""


def live(state: State, record: Record) -> tuple[State, int]:
    """Where a record leaves the instance, and how many records must have been lost for it to happen there."""
    position, inside, around = state
    if of_container(record) and around not in (SOMETHING, record.container):
        return state, 0
    there, cost = _step(position, record)
    around, more = _ride(around, record)
    inside, lost = _hold(inside, record)
    return (there, inside, around), cost + more + lost


def after_doubt(state: State) -> State:
    """A state after records whose order is open: they may have left it in anything, and anything in it."""
    return state[0], None, SOMETHING


def _hold(inside: frozenset[str] | None, record: Record) -> tuple[frozenset[str] | None, int]:
    """What is in it after a record; what is put in costs where it is inside already, what is taken where it is not."""
    if record.packing is Packing.EMPTIES:
        return _NONE, 0 if inside is None else 2 * (not inside)
    if record.packing is None or inside is None:
        return inside, 0
    if record.packing is Packing.ADDS:
        return inside | record.children, 2 * bool(record.whole & inside)
    return inside - record.whole, 2 * (not record.children <= inside)


def _ride(around: str | None, record: Record) -> tuple[str | None, int]:
    """What it is in after a record; what a container does to it costs where it is not in that container."""
    within = around in (SOMETHING, record.container)
    if record.act is Act.PACK:
        return record.container, 0
    if record.act is Act.LEG:
        return around, 0 if within else 2
    if record.act is Act.UNPACK:
        return None, 0 if within else 2
    alone = record.act in (Act.DEPART, Act.USE, Act.END) and record.container != around
    if alone and not any(what.item == around for what in record.event.whats):
        return None, 0
    return around, 0


def _step(position: Position, record: Record) -> tuple[Position, int]:
    """Where a record leaves the instance, and how many unrecorded moves it needs from a position."""
    if record.act is Act.LEG:
        return _leg(position, record)
    place = record.place
    if record.act is Act.DEPART:
        origin = place or (position[1] if position and position[0] == "at" else None)
        return ("way", record.to, origin, record.consignments), _cost_of_departing(position, record)
    if place is None:
        there, cost = _somewhere(position, record)
    else:
        there = ("at", place, None, _came_with(position, record))
        cost = _cost_of_being(position, record, place)
    if record.act in (Act.USE, Act.END) and not record.partly:
        there = ("gone", None, None, _NONE)
    return there, cost


def _came_with(position: Position, record: Record) -> frozenset[str]:
    """The consignments with which it came to where a record finds it, as far as records name them."""
    if record.act is Act.ARRIVE:
        return record.consignments
    return position[3] if position is not None and position[0] == "at" else _NONE


def _comes_otherwise(position: Position, record: Record) -> bool:
    """Whether no record shows that an arrival is of the consignment with which it came or was sent to where it is.

    Then it may have moved in between.
    """
    if position is None or record.act is not Act.ARRIVE or position[3] & record.consignments:
        return False
    kind, _, _, known = position
    return kind == "at" or known != record.consignments


def _leg(position: Position, record: Record) -> tuple[Position, int]:
    """A container's leg moves what is in it, by record; one that sets out does so from where it is."""
    gone = 3 if position is not None and position[0] == "gone" else 0
    if record.stay is Stay.ON_THE_WAY:
        origin = position[1] if position is not None and position[0] == "at" else None
        return ("way", record.place, origin, _NONE), gone
    return ("at", record.place, None, _NONE), gone


def _somewhere(position: Position, record: Record) -> tuple[Position, int]:
    """Where a record without a place finds the instance: where it was, but an arrival or a handling ends the way.

    That what was handled somewhere was handled where it was, is one reading.
    """
    handled = record.packing is not None or record.act in _HANDLED
    if position is None:
        # What arrives left somewhere, and no record says so.
        source = record.source if record.act is Act.ARRIVE else None
        lost = handled or record.act is Act.ARRIVE
        return ("at", None, source, _came_with(position, record)), ONE_LOSS * lost
    kind = position[0]
    if kind == "gone" or record.act is Act.MAKE:
        return position, 3
    if record.act is Act.ARRIVE:
        return ("at", None, record.source, record.consignments), int(kind == "at")
    return (SOMEWHERE if handled and kind == "way" else position), ONE_LOSS * handled


def _cost_of_departing(position: Position, record: Record) -> int:
    place = record.place
    if position is None:
        return 0
    kind, where, origin, _ = position
    if kind == "gone":
        return 3
    if kind == "way":
        if origin == place:
            return 0
        return 1 if None in (where, place) or where == place else 2
    if place is None:
        # Nothing is shipped to where it is: it was elsewhere in between.
        return 2 * (where is not None and where == record.to)
    return _cost_of_moving(position, place)


def _cost_of_moving(position: tuple[str, str | None, str | None, frozenset[str]], place: str) -> int:
    """From a site to another: nothing where it is; the name of its site, if that is unknown and not where it was."""
    _, where, source, _ = position
    if where == place:
        return 0
    return ONE_LOSS if where is None and source != place else 2


def _cost_of_being(position: Position, record: Record, place: str) -> int:
    if position is None:
        return ONE_LOSS * (record.act is Act.ARRIVE)
    kind, where, _, _ = position
    if kind == "gone" or record.act is Act.MAKE:
        return 3
    arrives = record.act is Act.ARRIVE
    moved = int(_comes_otherwise(position, record))
    if kind == "at":
        cost = _cost_of_moving(position, place)
        return ONE_LOSS if arrives and cost else cost or moved
    if where in (place, None):
        return moved if arrives else 1
    return 1 if arrives else 2
