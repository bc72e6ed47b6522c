"""The stories of the product systems as EPCIS events. In: a story, its profile. Out: events, and stock by arithmetic.

Each record of a story is the tracking event of its profile, at the place of who recorded it; a record about goods that
somebody else has is read where they are. Goods that move leave one place and come to another: where the profile's
event is but one of the two, the other half is recorded as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from graph_schema.event import Action, EventType
from graph_schema.profiles import Profile, Scheme, TrackingEvent, profiles, read_keys
from graph_schema.profiles.codes import KEYS
from graph_schema.steps import Effect, Ending, Step, step_of
from graph_schema.vocabulary import Kind, words_of
from tests.systems.recording import Json, record

Tree = dict[str, Any]
USED = "(used)"
"""What left the chain."""
LOST = "(lost)"
"""What left the chain without anybody's knowing where to."""
BECAME = "(became)"
"""What went into other goods."""
ON_THE_WAY = "in transit with "
ARRIVING = TrackingEvent(
    id="receive", stage="", label_zh="", label_en="", type=EventType.OBJECT, action=Action.OBSERVE,
    biz_step="receiving", disposition="in_progress", by=(), of=("goods",), kde=(),
)  # fmt: skip
DEPARTING = TrackingEvent(
    id="ship", stage="", label_zh="", label_en="", type=EventType.OBJECT, action=Action.OBSERVE,
    biz_step="shipping", disposition="in_transit", by=(), of=("goods",), kde=(),
)  # fmt: skip
UNLOADING = TrackingEvent(
    id="unload", stage="", label_zh="", label_en="", type=EventType.AGGREGATION, action=Action.DELETE,
    biz_step="unloading", disposition="container_open", by=(), of=("goods",), kde=(),
)  # fmt: skip
"""What goes with a move and a story does not tell, or a profile does not ask for."""
_MOVING = (Effect.DEPARTS, Effect.ARRIVES)
ITEM = "https://example.org/item/"
LOT = "urn:epc:class:lgtin:6901234.056789."
SITE = "https://example.org/site/"


def site(name: str) -> str:
    """The key of a place."""
    return SITE + name.removeprefix(ON_THE_WAY)


def name_of(key: str) -> str:
    """The name of an item, by its key in an answer."""
    return unquote(key.rpartition(":" if key.startswith(KEYS) else "/")[2])


@dataclass
class Telling:
    """A story as it is told, record by record."""

    profile: Profile
    story: Tree
    events: list[Json] = field(default_factory=list)
    stock: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    ended: set[tuple[str, str]] = field(default_factory=set)
    """Items and the places where a move ended them: at a consumer's."""
    loaded: dict[str, str] = field(default_factory=dict)
    """Goods, and the vehicle that they are in."""

    def __post_init__(self) -> None:
        amounts: dict[str, set[float]] = defaultdict(set)
        for told in self.story["events"]:
            for part in ("in", "out", "move", "use"):
                for name, amount in told.get(part, {}).items():
                    amounts[name].add(amount)
        self.lots = {name for name, some in amounts.items() if some != {1}}
        for told in self.story["events"]:
            self._tell(told)

    def item(self, name: str) -> str:
        """The key of an item: its code where such codes come in runs, else one of a lot or of a single thing."""
        codes = read_keys(name, self._schemes)
        return codes[0] if codes else (LOT if name in self.lots else ITEM) + quote(name)

    @cached_property
    def _schemes(self) -> tuple[Scheme, ...]:
        """The code schemes of the profile that have runs."""
        return tuple(one for one in profiles().schemes(self.profile) if one.run is not None)

    def _tell(self, told: Tree) -> None:
        self._number, self._halves = told["n"], 0
        self._papers: dict[str, Tree] = told.get("papers", {})
        self._failed: bool = told.get("failed", False)
        self._day = told["t"]
        first, _, second = told["cte"].partition(">")
        self._link = told.get("link", [[], []])
        if "move" in told:
            self._move(told, self._tracked(first), self._tracked(second) if second else None)
        elif "use" in told:
            self._add(self._tracked(first), told["by"], told["use"])
            self._count(told["use"], told["by"], LOST if _step(self._tracked(first)).ending is Ending.LOST else USED)
        elif "in" in told or "out" in told:
            self._make(told, self._tracked(first))
        elif self._tracked(first).type in (EventType.ASSOCIATION, EventType.AGGREGATION):
            self._group(told, self._tracked(first))
        else:
            self._about(told, self._tracked(first))

    def _tracked(self, name: str) -> TrackingEvent:
        found = self.profile.event(name)
        assert found is not None, name
        return found

    def _move(self, told: Tree, tracked: TrackingEvent, second: TrackingEvent | None) -> None:
        source, target = told.get("from", told["by"]), told["to"]
        effect = _effect(tracked)
        if effect is Effect.ENDS:
            self._add(tracked, target, told["move"])
            self.ended |= {(name, target) for name in told["move"]}
        else:
            if effect in (Effect.NOTHING, Effect.STAYS):
                self._add(tracked, source, told["move"])
            departing = tracked if effect is Effect.DEPARTS else DEPARTING
            carriers = dict.fromkeys(self.loaded[name] for name in told["move"] if name in self.loaded)
            self._add(departing, source, told["move"] | carriers, to=target)
            arriving = second or (tracked if effect is Effect.ARRIVES else ARRIVING)
            if not target.startswith(ON_THE_WAY):
                self._add(arriving, target, told["move"] | carriers)
                self._unload(told["move"], target)
        self._count(told["move"], source, target)

    def _unload(self, goods: Tree, place: str) -> None:
        """What came in a vehicle is taken out of it."""
        for name, amount in goods.items():
            carrier = self.loaded.pop(name, None)
            if carrier is not None:
                self._add(UNLOADING, place, {name: amount}, parent=carrier)

    def _make(self, told: Tree, tracked: TrackingEvent) -> None:
        used, made, by = told.get("in", {}), told.get("out", {}), told["by"]
        parts = [name for name in told.get("link", [[], []])[0] if tracked.type is EventType.ASSOCIATION]
        if parts:
            (whole,) = made
            self._add(tracked, by, dict.fromkeys(parts), parent=whole)
        elif tracked.type is EventType.AGGREGATION:
            # A lot that is parted for its load becomes a lot of its own (EPCIS 2.0 §7.4.5) and is loaded then.
            self._add(_splitting(tracked), by, used, made=made)
            self._add(tracked, by, made, parent=told["link"][0][0])
            self.loaded |= dict.fromkeys(made, told["link"][0][0])
        else:
            self._change(tracked, by, used, made)
        self._count(used, by, BECAME)
        self._count(made, None, by)

    def _change(self, tracked: TrackingEvent, by: str, used: Tree, made: Tree) -> None:
        """Goods are made of others, or simply made. What a link names beside these went into what it leads to alone."""
        if tracked.type is not EventType.TRANSFORMATION:
            self._add(tracked, by, made)
            return
        more, of_more = ([], []) if tracked.contact or set(self._link[0]) <= set(used) else self._link
        for linked in (True, False):
            out = {name: amount for name, amount in made.items() if (name in of_more) is linked}
            if out:
                self._add(tracked, by, used | dict.fromkeys(more if linked else []), made=out)

    def _group(self, told: Tree, tracked: TrackingEvent) -> None:
        """A part goes into a whole or out of it, gas (maybe of no named lot) into a cylinder, boxes into a case."""
        about = told.get("about", [])
        parts, wholes = told["link"] if "link" in told else (about[:-1], about[-1:])
        if wholes and wholes[0] in self.lots:
            parts, wholes = [f"box-{number}" for number in range(10)], ["case-1"]
        self._add(tracked, self._place(wholes[0], told["by"]), dict.fromkeys(parts or ["unnamed"]), parent=wholes[0])

    def _about(self, told: Tree, tracked: TrackingEvent) -> None:
        by_place: dict[str, list[str]] = defaultdict(list)
        for name in told["about"] if "about" in told else told["link"][1]:
            by_place[self._place(name, told["by"])].append(name)
        for place, names in by_place.items():
            self._add(tracked, place, {name: told.get("count", {}).get(name) for name in names})

    def _place(self, name: str, by: str) -> str:
        """Where a record about goods is read: with who records it, else with the first who has them."""
        held = [place for place, amount in self.stock.get(name, {}).items() if amount > 0 and not place.startswith("(")]
        return by if by in held or not held else held[0]

    def _add(
        self,
        tracked: TrackingEvent,
        place: str,
        goods: Tree,
        *,
        made: Tree | None = None,
        parent: str | None = None,
        to: str | None = None,
    ) -> None:
        self._halves += 1
        papers = self._papers.get(tracked.id, {})
        if self._failed:
            tracked = msgspec.structs.replace(tracked, disposition=tracked.disposition_fail)
        time = f"{self._day}T{self._number:02}:{self._halves:02}:00+08:00"
        more: Json = {"x:recorder": site(place), "x:cte": f"{self.profile.profile}.{tracked.id}"}
        more |= self._ends_of_contact(tracked)
        if tracked.type is EventType.TRANSACTION:
            more["bizTransactionList"] = [{"type": "po", "bizTransaction": f"urn:example:order:{self._number}"}]
        self.events.append(
            record(
                tracked, time, site(place), self._keys(goods), made=self._keys(made or {}),
                parent=None if parent is None else self.item(parent), to=None if to is None else site(to),
                transaction=f"urn:example:despatch:{self._number}" if _effect(tracked) in _MOVING else None,
                more=with_papers(more, papers),
            )
        )  # fmt: skip

    def _ends_of_contact(self, tracked: TrackingEvent) -> Json:
        """What touched what, where the profile has it stand in a field of the sender's own."""
        ends = zip(tracked.contact_at or (), self._link, strict=False)
        return {
            f"x:{at.removeprefix('extension ')}": [self.item(name) for name in names]
            for at, names in ends
            if names and at.startswith("extension ")
        }

    def _keys(self, goods: Tree) -> dict[str, float | None]:
        return {self.item(name): amount for name, amount in goods.items()}

    def _count(self, goods: Tree, source: str | None, target: str | None) -> None:
        for name, amount in goods.items():
            for place, change in ((source, -amount), (target, amount)):
                if place is not None:
                    self.stock[name][place] += change


def with_papers(more: Json, papers: Tree) -> Json:
    """More of an event, with key data elements where the profiles look for them first."""
    told: Json = dict(more)
    for name, value in papers.items():
        word, _, place = profiles().common.kde[name].at[0].partition(" ")
        if word == "extension":
            told[f"x:{place}"] = value
        elif word == "ilmd":
            told["ilmd"] = {f"cbvmda:{place}": value}
        else:
            kind = place if place in words_of(Kind.BIZ_TRANSACTION_TYPE) else f"https://example.org/{place}"
            paper = {"type": kind, "bizTransaction": f"urn:example:{quote(value)}"}
            told["bizTransactionList"] = [*told.get("bizTransactionList", []), paper]
    return told


def _effect(tracked: TrackingEvent) -> Effect:
    return _step(tracked).effect


def _step(tracked: TrackingEvent) -> Step:
    return step_of(tracked.type, tracked.action, tracked.biz_step, tracked.disposition)


def _splitting(tracked: TrackingEvent) -> TrackingEvent:
    """A lot becomes two, in the words of CBV."""
    return TrackingEvent(
        id="split", stage=tracked.stage, label_zh="", label_en="", type=EventType.TRANSFORMATION,
        biz_step="creating_class_instance", disposition="in_progress", by=(), takes=("lot",), makes=("lot",), kde=(),
    )  # fmt: skip


def at_hand(stock: dict[str, float]) -> dict[str, float]:
    """Where something is, without where nothing is left and what it became."""
    return {place: amount for place, amount in stock.items() if amount and place != BECAME}


def gone_with_the_goods(story: Tree, seeds: Iterable[str], *, back: bool) -> set[str]:
    """What a story's goods became, or came from, apart from what only touched them."""
    found, waiting = set(), [*seeds]
    while waiting:
        name = waiting.pop()
        for told in story["events"]:
            ends = (told.get("in", {}), told.get("out", {}))
            source, target = reversed(ends) if back else ends
            new = set(target) - found if name in source else set()
            found |= new
            waiting += new
    return found
