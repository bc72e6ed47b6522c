"""What the records tell of instances' amounts (rule 4). In: lines. Out: movements of one piece each.

An instance is one piece: it came to a site where its line enters it, and left where the line goes on or ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

import msgspec

from engine.index import NONE
from engine.questions.histories import Histories
from engine.questions.movements import ENDINGS, Movement
from graph_schema.flow_graph import PARTLY, Grade, Stay, VertexKind

_ONE = Decimal(1)
_COLUMNS = {"made": "made", "commissioned": "made", "returned": "returned"}
_TOLD = frozenset({*_COLUMNS, "received"})
"""Roles of records that tell how an instance came."""
_CAME = frozenset({"received", "returned"})
"""Those that tell that it had been elsewhere: also where it is, it may have left and come back."""


def line_movements(histories: Histories, line: int) -> list[Movement]:
    """All movements of one instance, at all sites."""
    return list(_visits(histories, line))


def _visits(histories: Histories, line: int) -> Iterator[Movement]:
    for holding in sorted(histories.holdings(line)):
        yield from _arrival(histories, line, holding)
        yield from _departures(histories, holding)
        if histories.place(holding)[1] == Stay.ON_THE_WAY:
            yield from _under_way(histories, line, holding)
    yield from _exits(histories, line)


def _arrival(histories: Histories, line: int, holding: int) -> Iterator[Movement]:
    site, stay = histories.place(holding)
    former = [histories.place(step.holding) for step in histories.before.get(holding, ())]
    role = _role(histories, holding)
    stayed = _stayed(former, (site, stay)) and not (role in _TOLD and _begins(histories, line, holding))
    if stay != Stay.AT or (stayed and role not in _CAME):
        return
    sure = role in ("made", "commissioned") or (bool(former) and _elsewhere(former, site))
    sure = sure and holding in histories.sure and site != NONE
    came = _one(_COLUMNS.get(role, "received"), site, holding, sure=sure, back=stayed)
    yield came if role in _TOLD else _perhaps_returned(histories, line, came)


def _begins(histories: Histories, line: int, holding: int) -> bool:
    """Whether a line begins in a holding, to which only places in doubt that come after it lead back."""
    former = {step.holding for step in histories.before.get(holding, ())}
    return holding in histories.starts.get(line, ()) and former <= histories.down_from(line, [holding])


def _stayed(former: Collection[tuple[int, int]], here: tuple[int, int]) -> bool:
    """Whether it was nowhere else before."""
    return bool(former) and all(place == here for place in former)


def _departures(histories: Histories, holding: int) -> Iterator[Movement]:
    """What the instance left when it came to a holding: in doubt where the order of its stays leaves it open."""
    there = histories.place(holding)
    former: dict[tuple[int, int], bool] = {}
    for step in histories.before.get(holding, ()):
        place = histories.place(step.holding)
        former[place] = former.get(place, False) or step.holding in histories.sure
    again = _stayed(former, there) and _role(histories, holding) in _CAME
    for (site, stay), surely in former.items():
        if stay == Stay.AT and (there != (site, stay) or again):
            sure = surely and holding in histories.sure and len(former) == 1 and site != NONE
            yield _one("forwarded", site, holding, sure=sure and _elsewhere([there], site), back=again)


def _elsewhere(places: list[tuple[int, int]], here: int) -> bool:
    """Whether all of these are surely other places than a site: on the way, or at another named site."""
    return all(stay == Stay.ON_THE_WAY or site not in (here, NONE) for site, stay in places)


def _perhaps_returned(histories: Histories, line: int, came: Movement) -> Movement:
    """What came without a record of its coming: perhaps a return, where the instance may have been, or come, before."""
    latest = histories.arrived(came.target).latest
    others = (h for h in histories.holdings(line) - {came.target} if histories.arrived(h).earliest < latest)
    before = any(NONE in (came.site, site) or site == came.site for site, _ in map(histories.place, others))
    return msgspec.structs.replace(came, instead="returned") if before else came


def _under_way(histories: Histories, line: int, holding: int) -> Iterator[Movement]:
    """What is on the way may have arrived without a record, and left again where the line goes on elsewhere."""
    site, _ = histories.place(holding)
    onward = [s.holding for s in histories.after.get(holding, ()) if s.holding in histories.holdings(line)]
    elsewhere = [h for h in onward if site == NONE or histories.place(h) != (site, Stay.AT)]
    last = holding in histories.ends.get(line, ())
    if not last and not elsewhere:
        return
    yield _perhaps_returned(histories, line, _one("received", site, holding, sure=False))
    yield from (_one("forwarded", site, h, sure=False) for h in elsewhere)
    if last and all(entry.holding != holding for entry in histories.entered.get(line, ())):
        yield _one("in_transit", site, holding, sure=False)


def _exits(histories: Histories, line: int) -> Iterator[Movement]:
    """Transformations and endings the instance went into; in doubt where there are several, or a part of it did."""
    view = histories.view
    entries = histories.entered.get(line, ())
    for entry in entries:
        site, stay = histories.place(entry.holding)
        kind = int(view.column("kind", [entry.vertex])[0])
        role = _role(histories, entry.vertex)
        column = "used" if kind == VertexKind.TRANSFORMATION else ENDINGS.get(role, "lost")
        whole = len(entries) == 1 and not role.startswith(PARTLY)
        sure = whole and entry.grade == Grade.RECORDED and entry.holding in histories.sure
        there = site != NONE and stay == Stay.AT
        yield Movement(column, site, _ONE, None, sure and there, entry.vertex, (entry.holding,))


def _role(histories: Histories, vertex: int) -> str:
    code = int(histories.view.column("role", [vertex])[0])
    return "" if code == NONE else histories.view.index.words.name(code)


def _one(column: str, site: int, target: int, *, sure: bool, back: bool = False) -> Movement:
    return Movement(column, site, _ONE, None, sure, target, back=back)
