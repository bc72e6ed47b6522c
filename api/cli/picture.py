"""A picture of the chain in the terminal. In: a trace and names. Out: trees that read as sentences.

```
TK-S1 at Rixin Milk Station  Raw milk
└── → Qinghe Dairy  10,000 kg  2017-08-02
    └── made into BP-1  1,250 kg  2017-08-03  Base powder
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rich.text import Text
from rich.tree import Tree

from api.chain import Chain, Place, Step, build_chain
from api.labels import Labels, amount_of, day_of
from engine.answer import Trace
from graph_schema.event import Event
from graph_schema.flow_graph import CONTACT_KINDS, FlowKind, Grade
from graph_schema.interval import datetime_of

LINES = 60
"""Lines of a picture; what is beyond is counted, and in the tables."""

Events = Callable[[Iterable[str]], Mapping[str, Event]]
"""Looks events up by id."""


class Picture:
    """Draws the chain of a trace, one way of the two."""

    def __init__(self, answer: Trace, labels: Labels, events: Events, *, back: bool) -> None:
        self._back = back
        self._chain = build_chain(answer.flows)
        self._starts = _starts(answer, self._chain, self._back)
        self._labels = labels
        # A picture shows a few steps of what may be millions; the events of those alone are read.
        self._events = events
        self._drawn: set[Place] = set()
        self._left = LINES

    def draw(self) -> list[Tree]:
        """One tree a start."""
        return [self._tree(start) for start in self._starts if start not in self._drawn and self._left > 0]

    def left_out(self) -> set[Place]:
        """The places that no tree shows."""
        return self._chain.places() - self._drawn

    def _tree(self, start: Place) -> Tree:
        self._drawn.add(start)
        self._left -= 1
        here = self._labels.site(start.site or None)
        name = (self._labels.item(start.item), "bold")
        root = Tree(Text.assemble(name, " at ", (here, "cyan"), (self._product(start.item), "dim")))
        waiting = [(start, root)]
        while waiting:
            place, branch = waiting.pop()
            followed = [self._branch(step, branch) for step in self._steps(place)]
            waiting.extend(reversed([found for found in followed if found is not None]))
        return root

    def _steps(self, place: Place) -> list[Step]:
        return (self._chain.coming if self._back else self._chain.leaving).get(place, [])

    def _branch(self, step: Step, branch: Tree) -> tuple[Place, Tree] | None:
        """Draw a step; the place to go on from, where it is new."""
        if self._left <= 0:
            return None
        self._left -= 1
        place = step.source if self._back else step.target
        known = place in self._drawn
        drawn = branch.add(self._line(step, place, known))
        self._drawn.add(place)
        return None if known or not place.item else (place, drawn)

    def _line(self, step: Step, place: Place, known: bool) -> Text:
        line = self._what(step, place)
        line.append(self._amount(step) + self._day(step))
        if step.grade != Grade.RECORDED:
            line.append("  possible", style="yellow")
        if known and place.item:
            line.append("  (drawn above)", style="dim")
        elif step.source.item != step.target.item and place.item:
            line.append(self._product(place.item), style="dim")
        return line

    def _what(self, step: Step, place: Place) -> Text:
        if step.kind == FlowKind.END:
            return Text(self._ending(step), style="magenta")
        if step.kind in CONTACT_KINDS:
            return Text.assemble("touched by " if self._back else "touched ", (self._labels.item(place.item), "bold"))
        if step.source.item != step.target.item:
            return Text.assemble("made from " if self._back else "made into ", (self._labels.item(place.item), "bold"))
        return Text.assemble("← " if self._back else "→ ", (self._labels.site(place.site or None), "cyan"))

    def _ending(self, step: Step) -> str:
        event = self._event(step)
        return (event.biz_step if event and event.biz_step else "left the chain").replace("_", " ")

    def _event(self, step: Step) -> Event | None:
        return self._events(step.events[:1]).get(step.events[0]) if step.events else None

    def _product(self, item: str) -> str:
        # Last on its line, so that a narrow terminal folds the name and not an amount.
        product = self._labels.product(item)
        return f"  {product}" if product else ""

    def _amount(self, step: Step) -> str:
        """Forward, how much came out; back, how much of the source went in."""
        if self._back and step.used is not None:
            return f"  {amount_of(*step.used)}"
        return "" if step.quantity is None else f"  {amount_of(step.quantity, step.uom)}"

    def _day(self, step: Step) -> str:
        event = self._event(step)
        moment = datetime_of(step.when.earliest)
        if event is not None:
            return f"  {day_of(event)}"
        return f"  {moment.date()}" if moment else ""


def _starts(answer: Trace, chain: Chain, back: bool) -> list[Place]:
    """Where the drawing begins: the seeds where nothing comes in; all of them where they feed each other.

    Of a question that names no item, the nearest items are the seeds.
    """
    nearest = min((item.depth for item in answer.items), default=0)
    seeds = {item.id for item in answer.items if item.depth == nearest}
    inward = chain.leaving if back else chain.coming
    here = sorted(place for place in chain.places() if place.item in seeds)
    first = [place for place in here if not any(_same_item(step) for step in inward.get(place, []))]
    alone = [Place(item, site) for item, site, _ in sorted(answer.held) if item in seeds]
    return first or here or alone


def _same_item(step: Step) -> bool:
    return step.source.item == step.target.item
