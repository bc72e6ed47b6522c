"""A drill that anyone repeats (ADR 0031). In: an index and snapshot, a `DrillAsked`, a clock. Out: `Drill`.

The samples are the lots of a random draw (ADR 0026): position, system, seed and window decide them, and the ledger up
to the position decides what is told of each. How long it took is of the machine, and no part of the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from engine.answer import Direction
from engine.answer_json import as_json
from engine.coverage.register import Register
from engine.coverage.tracked import NOBODY
from engine.drill.effect import effects_of
from engine.drill.sample import Answers, Judging, Sample
from engine.index import BoundedWalker, FlowIndex
from engine.inspection import Draw, DrawAsked, Drawn, draw
from engine.inspection.drawing import acting, day_of, register_of
from engine.ledger import Attestation, LedgerEntry
from engine.question import ALWAYS, ItemSeed, Question, Window
from engine.questions.position import ledger_state
from engine.questions.view import View
from engine.recall import recall_scope
from engine.stores.ports import Snapshot
from engine.trace import trace
from engine.tracking import Tracked, owner_of, tracked
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profile, Profiles

MOST_SAMPLES = 100
MOST_REACHED = 100_000
"""Vertices that a walk enters at most: the same everywhere, since what a bound cuts is part of the answer."""


class DrillAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drilled."""

    system: str
    seed: str
    count: int = 10
    position: int | None = None
    """Of the ledger; None: the newest."""
    window: Window = ALWAYS
    """When the events happened that lots are found in."""


class Drill(NamedTuple):
    """What was drilled, and what came of it."""

    draw: Draw
    profile: Profile
    """Whose targets these are."""
    targets: dict[str, float]
    register: Register
    samples: tuple[Sample, ...]
    digest: str
    """SHA-256 of what was drawn, and of what is told of each sample but for how long it took."""


def drill(
    index: FlowIndex,
    snapshot: Snapshot,
    profiles: Profiles,
    asked: DrillAsked,
    clock: Callable[[], float],
    done: Callable[[], None] = lambda: None,
) -> Drill:
    """Draw lots and trace each; raises `InvalidInput` for what cannot be asked, `LimitExceeded` as `draw` does.

    `clock` tells seconds; `done` is called as each sample is.
    """
    if not 1 <= asked.count <= MOST_SAMPLES:
        raise InvalidInput(
            f"{asked.count} lots are to be traced", where="count", remedy=f"Trace 1 to {MOST_SAMPLES} at once."
        )
    drawn = draw(snapshot, profiles, DrawAsked(**{name: getattr(asked, name) for name in asked.__struct_fields__}))
    day = day_of(ledger_state(snapshot, drawn.position).accepted_until)
    profile = acting(profiles, asked.system, day)
    register = register_of(snapshot, asked.system, asked.window, drawn.position, day)
    drilling = _Drilling(index, snapshot, profiles, drawn, register, clock)
    samples = []
    for one in drawn.drawn:
        samples.append(drilling.sample(one))
        done()
    targets = dict(profiles.common.targets_default | profile.completeness.targets)
    return Drill(drawn, profile, targets, register, tuple(samples), _digest(drawn, register, samples))


def _digest(drawn: Draw, register: Register, samples: Iterable[Sample]) -> str:
    """Whoever has the ledger, the register and the profiles up to the position has the same."""
    told = [drawn.id, *(_repeatable(one, register) for one in samples)]
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def _repeatable(sample: Sample, register: Register) -> list[object]:
    owner = None if sample.owner == NOBODY else register.licences[sample.owner].key
    return [sample.rank, sample.key, owner, sample.shortfalls, sample.effects]


class _Drilling:
    """One drill, lot by lot."""

    def __init__(
        self,
        index: FlowIndex,
        snapshot: Snapshot,
        profiles: Profiles,
        drawn: Draw,
        register: Register,
        clock: Callable[[], float],
    ) -> None:
        self._index = index
        self._snapshot = snapshot
        self._profiles = profiles
        self._drawn = drawn
        self._register = register
        self._clock = clock
        self._walker = BoundedWalker(MOST_REACHED)
        self._judging = Judging(snapshot, profiles, drawn.system, drawn.position)

    def sample(self, drawn: Drawn) -> Sample:
        """A lot, traced."""
        started = self._clock()
        answers = self._answers(drawn.key)
        seconds = self._clock() - started
        vectors = self._judging.vectors(answers)
        view = View(self._index, self._drawn.position, self._walker)
        return Sample(
            rank=drawn.rank,
            key=drawn.key,
            owner=self._owner(drawn.key),
            shortfalls=self._judging.shortfalls(drawn.key, answers, vectors),
            effects=effects_of(view, answers.scope, vectors) if answers.complete else None,
            seconds=max(seconds, 0.0),
        )

    def _answers(self, key: str) -> Answers:
        """From the code to the full answers, every part of them told."""
        at, seeds = self._drawn.position, (ItemSeed(key),)
        back, forward = (
            trace(self._index, self._snapshot, Question(seeds, way), self._walker, at)
            for way in (Direction.BACK, Direction.FORWARD)
        )
        scope = recall_scope(self._index, self._snapshot, Question(seeds), self._walker, at)
        for answer in (back, forward, scope):
            as_json(answer)
        return Answers(back, forward, scope)

    def _owner(self, key: str) -> int:
        """The licence under which the first tracking event of a lot is recorded, else that of its single things."""
        narrower = (one.narrower for one in self._snapshot.lookup.narrower([key]) if one.seq <= self._drawn.position)
        for keys in ([key], narrower):
            first = min(self._tracked(list(keys)), key=_when, default=None)
            if first is not None:
                owner = owner_of(first, self._register)
                return NOBODY if owner is None else owner
        return NOBODY

    def _tracked(self, keys: list[str]) -> Iterator[Tracked]:
        """The tracking events of some items that count: none that was declared an error, or that a stranger tells."""
        ids = sorted({entry.event.id for entry in self._snapshot.lookup.entries_naming(keys)}) if keys else []
        entries = [one for one in self._snapshot.ledger.entries_of(ids) if one.seq <= self._drawn.position]
        wrong = {one.event.id for one in entries if one.event.error is not None}
        counting = (one for one in entries if one.event.id not in wrong and _is_attested(one))
        return tracked(counting, self._drawn.system, self._profiles, self._register)


def _is_attested(entry: LedgerEntry) -> bool:
    return entry.attestation is not Attestation.STRANGER


def _when(one: Tracked) -> tuple[object, int]:
    return one.event.time, one.entry.seq
