"""Whatever happens to a store, in whatever order: its graph is what its ledger says, and old answers stay.

A state machine puts the events of a simulated world into a store as they come in life: in time, late, early, twice,
changed, declared errors, voided, with crashes, restarts, rebuilds and a spoilt index between (design §7, rules 14, 16
and 17). After every step the laws of `Captures.holds` are checked. A failure prints its steps, the world's seed first.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from api.generate.world import simulate
from engine.answer import Direction
from engine.answer_json import as_json
from engine.capture import Captured, capture, capture_within, rebuild
from engine.index import FlowIndex, open_index
from engine.index.folder import IndexFolder
from engine.index.following import IndexFollower
from engine.ledger import Attestation, Capture, Key, known_by, ledger_key
from engine.question import ItemSeed, Options, Question, Seed, SiteSeed
from engine.stores.ports import Snapshot
from engine.stores.sqlite import open_store
from engine.trace import trace
from graph_schema.errors import UnknownSeed
from graph_schema.event import Event
from tests.builder.changed_events import changed, declared, is_shipping, voided
from tests.builder.graphs import derived, stored
from tests.worlds.reading import read_events
from tests.worlds.thinning import THIRD, lose, remaining

PLACES = st.integers(0, 59)
"""Which of the events at hand, counted round."""
AUTHORS = st.sampled_from(["anna", "anna", "anna", "ben"])
"""Who captures: mostly the one who captured the world."""
HOW = {"anna": Attestation.BOUND, "ben": Attestation.STRANGER}
"""Anna is bound to every site, Ben to none (rule 14)."""
REASONS = st.sampled_from(["did_not_occur", "incorrect_data", None])
ASKED = 3
"""Questions asked after each step, forward and back in turn."""


class _Crash(Exception):
    """Ends a transaction before it is committed."""


Told = dict[str, Any]


class Captures(RuleBasedStateMachine):
    """A store, the events still to come, and what it once answered."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="suyuan-"))
        self.clock = 0
        self.coming: list[Event] = []
        self.known: list[Event] = []
        self.keys: set[Key] = set()
        self.told: list[tuple[int, Question, Told]] = []
        self.seeds: list[Seed] = []
        self.open()

    def open(self) -> None:
        """Open the store and its index as a process does that starts."""
        self.store = open_store(str(self.folder / "suyuan.db"))
        self.follower = IndexFollower(IndexFolder(self.folder / "index"))

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.store.close()
        shutil.rmtree(self.folder)

    # -- what happens ----------------------------------------------------------------------------------------

    @initialize(seed=st.integers(0, 2**20), thinned=st.booleans(), begun=PLACES)
    def world(self, seed: int, thinned: bool, begun: int) -> None:
        """The world whose events come; so many have come in time."""
        made = simulate(seed)
        records = remaining(made.records, lose(made, Random(seed), THIRD)) if thinned else made.records
        self.coming = read_events(record.event for record in records)
        self.chance = Random(seed)
        items = dict.fromkeys(what.item for event in self.coming for what in event.whats)
        sites = dict.fromkeys(event.biz_location or event.read_point for event in self.coming)
        self.seeds = [*map(ItemSeed, items), *(SiteSeed(site) for site in sites if site)]
        if begun:
            self.in_time(begun)

    @precondition(lambda self: self.coming)
    @rule(count=st.integers(1, 12))
    def in_time(self, count: int) -> None:
        """The next events come together."""
        taken, self.coming = self.coming[:count], self.coming[count:]
        self.take(taken)

    @precondition(lambda self: self.coming)
    @rule(place=PLACES)
    def early(self, place: int) -> None:
        """An event comes before those that happened before it."""
        self.take([self.coming.pop(place % len(self.coming))])

    @precondition(lambda self: len(self.coming) > 1)
    @rule(place=PLACES)
    def held_up(self, place: int) -> None:
        """The next event will come later than it should."""
        self.coming.insert(1 + place % len(self.coming), self.coming.pop(0))

    @precondition(lambda self: self.known)
    @rule(place=PLACES, count=st.integers(1, 5))
    def again(self, place: int, count: int) -> None:
        """Events come that are known: nothing is accepted, and nothing changes. What Ben told Anna may tell again."""
        start = place % len(self.known)
        before = self.rows()
        for author in HOW:
            told = self.known[start : start + count]
            again = [event for event in told if author == "ben" or ledger_key(event) in self.keys]
            assert self.take(again, author).accepted == 0
        assert self.rows() == before

    @precondition(lambda self: self.known or self.coming)
    @rule(place=PLACES)
    def unattested(self, place: int) -> None:
        """A stranger tells an event, known or still to come."""
        self.take([self.any(place)], "ben")

    @precondition(lambda self: self.known)
    @rule(place=PLACES, other=PLACES, author=AUTHORS)
    def conflict(self, place: int, other: int, author: str) -> None:
        """An event comes with the id of a known one and other contents."""
        event = changed(self.any(place), self.any(other), self.chance)
        if event is not None:
            self.take([event], author)

    @precondition(lambda self: self.known or self.coming)
    @rule(place=PLACES, reason=REASONS, correctives=st.lists(PLACES, max_size=2), author=AUTHORS)
    def error(self, place: int, reason: str | None, correctives: list[int], author: str) -> None:
        """An event, known or still to come, is declared an error; its correctives may be known, to come or neither."""
        event = self.any(place)
        named = [self.any(corrective).id for corrective in correctives if corrective % 3]
        missing = [f"urn:uuid:never-{corrective}" for corrective in correctives if corrective % 3 == 0]
        others = [corrective for corrective in (*named, *missing) if corrective != event.id]
        self.take([declared(event, reason, others)], author)

    @rule(place=PLACES, hours=st.integers(-2, 72))
    def void(self, place: int, hours: int) -> None:
        """A shipment, known or still to come, is declared void."""
        shipments = [event for event in (*self.known, *self.coming) if is_shipping(event)]
        if shipments:
            self.take([voided(shipments[place % len(shipments)], hours)])

    @precondition(lambda self: self.coming)
    @rule(count=st.integers(1, 8))
    def crash(self, count: int) -> None:
        """A capture fails before it is committed: nothing of it shows, and the events are still to come."""
        before = self.rows()
        with suppress(_Crash), self.store.transaction() as transaction:
            by = Capture("anna", "job", "world.ndjson", self.clock)
            capture_within(transaction, self.coming[:count], by, (), [HOW["anna"]] * len(self.coming[:count]))
            raise _Crash
        assert self.rows() == before

    @rule()
    def restart(self) -> None:
        """The process ends and another opens what is on disk."""
        self.store.close()
        self.open()

    @rule()
    def anew(self) -> None:
        """A rebuild changes no row."""
        before = self.rows()
        rebuild(self.store)
        assert self.rows() == before

    @precondition(lambda self: (self.folder / "index").is_dir())
    @rule(place=st.integers(0, 400), size=st.integers(0, 400))
    def spoil(self, place: int, size: int) -> None:
        """A file of the saved index is cut; the next process heals it."""
        files = sorted(path for path in (self.folder / "index").rglob("*") if path.is_file())
        self.restart()
        file = files[place % len(files)]
        file.write_bytes(file.read_bytes()[:size])

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        """Graph, chain, index and old answers are what they must be."""
        with self.store.snapshot() as snapshot:
            assert snapshot.ledger.verify().position == len(self.keys)
            assert stored(snapshot).differences(derived(snapshot)) == []
            followed, anew = self.follower.follow(snapshot), open_index(None, snapshot)
            for question in self.questions():
                told = answer(followed, snapshot, question)
                assert told == answer(anew, snapshot, question), "the index that followed and a new one differ"
                self.told.append((self.clock, question, told))
            for clock, question, told in self.chance_told():
                asked = msgspec.structs.replace(question, options=Options(as_known_at=clock))
                assert answer(followed, snapshot, asked) == told, f"as known at {clock}"

    def questions(self) -> list[Question]:
        """A few questions, others after each step."""
        ways = (Direction.FORWARD, Direction.BACK, Direction.BOTH)
        seeds = self.chance.sample(self.seeds, min(ASKED, len(self.seeds))) if self.seeds else []
        return [Question((seed,), self.chance.choice(ways)) for seed in seeds]

    def chance_told(self) -> Sequence[tuple[int, Question, Told]]:
        """A few of the answers given before."""
        return self.chance.sample(self.told, min(ASKED, len(self.told))) if self.told else []

    # -- how it happens --------------------------------------------------------------------------------------

    def any(self, place: int) -> Event:
        """An event that is known or still to come."""
        return list(chain(self.known, self.coming))[place % (len(self.known) + len(self.coming))]

    def take(self, events: Sequence[Event], author: str = "anna") -> Captured:
        """Capture events at a later moment than those before."""
        self.clock += 1
        by, how = Capture(author, "job", "world.ndjson", self.clock), HOW[author]
        captured = capture(self.store, events, by, attestations=[how] * len(events))
        for event in events:
            keys = known_by(event, how)
            if self.keys.isdisjoint(keys):
                self.keys.add(keys[0])
                self.known.append(event)
        return captured

    def rows(self) -> list[object]:
        """Every row of the graph there ever was, with its positions."""
        with self.store.snapshot() as snapshot:
            graph = snapshot.graph
            return [*graph.vertices(), *graph.flows(), *graph.line_rows(), *graph.gaps()]


def answer(index: FlowIndex, snapshot: Snapshot, question: Question) -> Told:
    """The JSON of a trace; of one whose seed is unknown, that."""
    try:
        return as_json(trace(index, snapshot, question))
    except UnknownSeed as error:
        return {"unknown": error.what}


def run(examples: int, steps: int) -> None:
    """Let so many stores live through so many steps."""
    slow = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
    kept = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=slow, print_blob=True
    )
    run_state_machine_as_test(Captures, settings=kept)


def test_the_graph_is_what_the_ledger_says_whatever_happens() -> None:
    """Late, early, twice, changed, declared, voided, crashed, restarted: graph, index and answers hold."""
    run(examples=8, steps=30)


@pytest.mark.slow
def test_the_graph_is_what_the_ledger_says_whatever_happens_for_long() -> None:
    """The same for many more stores."""
    run(examples=100, steps=50)
