"""What-if rules."""

from __future__ import annotations

from pathlib import Path

from engine.answer import Direction
from engine.question import ItemSeed, KillStepRule, LeaveOutRule, MixRule, Options, Rule
from tests.questions.telling import (
    Told,
    asking,
    between,
    item,
    made,
    received,
    shipped,
    site,
    tell,
    told,
    used,
)

PLANT = [
    made(1, "A", X=5),
    made(1, "B", W=5),
    made(1, "B", V=5),
    shipped(2, "A", "B", "D1", X=5),
    received(3, "B", "D1", X=5),
    shipped(2.5, "B", "C", "D0", V=5),
    received(2.7, "C", "D0", V=5),
    used(4, "B", {"X": 5}, {"Y": 5}),
    made(6, "B", U=5),
    used(7, "B", {"W": 5}, {"Z": 5}),
]


def _options(*rules: Rule) -> Options:
    return Options(rules=rules)


def test_mixing_takes_what_was_there_after_the_goods_came(tmp_path: Path) -> None:
    """Goods at a site together with those of the answer, or after them, are possible until the clean break."""
    with asking(tmp_path, PLANT) as ask:
        mixed = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 5))))
        assert tell(mixed) == Told({"X", "Y", "A", "B"}, {"W", "Z"})
        later = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 9))))
        assert tell(later).possible == {"W", "Z", "U"}
        before = ask.trace(ItemSeed(item("X")), options=_options(MixRule(site("B"), between(1, 2))))
        assert tell(before).possible == set()


def test_mixing_mirrored_back(tmp_path: Path) -> None:
    """Back, what was at the site before the goods left it may have been the source."""
    with asking(tmp_path, PLANT) as ask:
        rule = _options(MixRule(site("B"), between(1, 9)))
        answer = ask.trace(ItemSeed(item("Y")), direction=Direction.BACK, options=rule)
        assert {"W", "V"} <= tell(answer).possible


def test_mixing_both_ways_tells_which_seeds_reach_what_by_either(tmp_path: Path) -> None:
    """A rule adds other beginnings back than forward; what both ways reach has the seeds of both."""
    with asking(tmp_path, PLANT) as ask:
        rule = _options(MixRule(site("B"), between(1, 9)))
        answer = ask.trace(ItemSeed(item("V")), ItemSeed(item("X")), direction=Direction.BOTH, options=rule)
        seeds = {row.id: row.seeds for row in answer.items}
        assert seeds[item("V")] == seeds[item("X")] == seeds[item("W")] == (0, 1)


def test_mixing_of_one_product_leaves_others_alone(tmp_path: Path) -> None:
    """A rule for one product takes goods of that product only."""
    with asking(tmp_path, PLANT) as ask:
        rule = _options(MixRule(site("B"), between(1, 9), item("W")))
        assert tell(ask.trace(ItemSeed(item("X")), options=rule)).possible == set()


def test_a_kill_step_ends_the_hazard(tmp_path: Path) -> None:
    """What comes out of a kill step is not in the answer; at another site the same step does not count."""
    cooked = told("cook", 4, "B", {"X": 5}, step="inspecting")
    events = [*PLANT[:5], cooked, shipped(5, "B", "C", "D2", X=5), received(6, "C", "D2", X=5)]
    with asking(tmp_path, events) as ask:
        seed = ItemSeed(item("X"))
        assert tell(ask.trace(seed)).certain == {"X", "A", "B", "C"}
        assert tell(ask.trace(seed, options=_options(KillStepRule("inspecting")))).certain == {"X", "A", "B"}
        elsewhere = _options(KillStepRule("inspecting", site("A")))
        assert tell(ask.trace(seed, options=elsewhere)).certain == {"X", "A", "B", "C"}


def test_sites_and_events_left_out(tmp_path: Path) -> None:
    """What is reached only through a site or an event left out is not in the answer."""
    with asking(tmp_path, PLANT) as ask:
        seed = ItemSeed(item("X"), site("A"))
        assert tell(ask.trace(seed, options=_options(LeaveOutRule(sites=(site("B"),))))) == Told({"X", "A"}, set())
        without = _options(LeaveOutRule(events=(PLANT[7].id,)))
        assert tell(ask.trace(seed, options=without)).certain == {"X", "A", "B"}


def test_the_data_stay_as_they_are(tmp_path: Path) -> None:
    """A rule belongs to its question: the next one without it is answered as ever."""
    with asking(tmp_path, PLANT) as ask:
        seed = ItemSeed(item("X"))
        plain = ask.trace(seed).held
        ask.trace(seed, options=_options(MixRule(site("B"), between(1, 9)), LeaveOutRule(sites=(site("A"),))))
        assert ask.trace(seed).held == plain
