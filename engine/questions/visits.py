"""What the records tell of instances' amounts (rule 4). In: lines. Out: movements of one piece each.

An instance is one piece: it came to a site where its line enters it, and left where the line goes on or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.index import NONE
from engine.questions.histories import Histories
from engine.questions.movements import ENDINGS, Movement
from graph_schema.flow_graph import PARTLY, Grade, Stay, VertexKind

_ONE = Decimal(1)
_COLUMNS = {"made": "made", "commissioned": "made", "returned": "returned"}


def line_movements(histories: Histories, line: int) -> list[Movement]:
    """All movements of one instance, at all sites."""
    return list(_visits(histories, line))


def _visits(histories: Histories, line: int) -> Iterator[Movement]:
    holdings = histories.holdings(line)
    for holding in sorted(holdings):
        yield from _arrival(histories, holding)
        for step in histories.after.get(holding, ()):
            if step.holding in holdings:
                yield from _departure(histories, holding, step.holding)
    gone = {entry.holding for entry in histories.entered.get(line, ())}
    for holding in set(histories.ends.get(line, ())) - gone:
        yield from _under_way(histories, holding)
    yield from _exits(histories, line)


def _arrival(histories: Histories, holding: int) -> Iterator[Movement]:
    site, stay = histories.place(holding)
    former = [histories.place(step.holding) for step in histories.before.get(holding, ())]
    if stay != Stay.AT or (site, stay) in former:
        return
    role = _role(histories, holding)
    came = role in ("made", "commissioned") or (bool(former) and _elsewhere(former))
    sure = holding in histories.sure and site != NONE and came
    yield _one(_COLUMNS.get(role, "received"), site, holding, sure=sure)


def _departure(histories: Histories, holding: int, onward: int) -> Iterator[Movement]:
    site, stay = histories.place(holding)
    there = histories.place(onward)
    if stay == Stay.AT and there != (site, stay):
        sure = onward in histories.sure and holding in histories.sure and site != NONE
        yield _one("forwarded", site, onward, sure=sure and _elsewhere([there]))


def _elsewhere(places: list[tuple[int, int]]) -> bool:
    """Whether all of these are surely other places than the site: on the way, or at a named site."""
    return all(stay == Stay.ON_THE_WAY or site != NONE for site, stay in places)


def _under_way(histories: Histories, holding: int) -> Iterator[Movement]:
    """What is on the way may have arrived without a record."""
    site, stay = histories.place(holding)
    if stay == Stay.ON_THE_WAY:
        yield _one("in_transit", site, holding, sure=False)
        yield _one("received", site, holding, sure=False)


def _exits(histories: Histories, line: int) -> Iterator[Movement]:
    """Transformations and endings the instance went into; in doubt where there are several, or a part of it did."""
    view = histories.view
    entries = histories.entered.get(line, ())
    for entry in entries:
        site, _ = histories.place(entry.holding)
        kind = int(view.column("kind", [entry.vertex])[0])
        role = _role(histories, entry.vertex)
        column = "used" if kind == VertexKind.TRANSFORMATION else ENDINGS.get(role, "lost")
        whole = len(entries) == 1 and not role.startswith(PARTLY)
        sure = whole and entry.grade == Grade.RECORDED and entry.holding in histories.sure
        yield Movement(column, site, _ONE, None, sure and site != NONE, entry.vertex, (entry.holding,))


def _role(histories: Histories, vertex: int) -> str:
    code = int(histories.view.column("role", [vertex])[0])
    return "" if code == NONE else histories.view.index.words.name(code)


def _one(column: str, site: int, target: int, *, sure: bool) -> Movement:
    return Movement(column, site, _ONE, None, sure, target)
