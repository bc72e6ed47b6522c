"""How good answers are as records get worse. In: worlds, a tracer. Out: a table, a row for each way to lose records.

Of what is certain, how much is wrong; of what is true, how much is missed and how much is kept certain; of what is
possible, how much is not true: each of items, sites, and items at sites together, in per cent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tests.worlds.laws import check_sandwich, truth_of
from tests.worlds.reading import read_events
from tests.worlds.shrink import Case
from tests.worlds.thinning import NOTHING, THIRD, Rates
from tests.worlds.tracer import Answer, Found, Tracer
from tests.worlds.trial import Trial, records_of

WAYS: dict[str, Rates] = {
    "nothing": NOTHING,
    "fields": replace(THIRD, record=0.0),
    "fields, and records at one end": THIRD,
    "records at both ends": replace(NOTHING, record=0.3, other_end=0.3),
    "fields, and records at both ends": replace(THIRD, other_end=0.3),
    "records of packing and unpacking": replace(NOTHING, packing=0.3),
    "the right time (clocks up to two hours wrong)": replace(NOTHING, clock=True),
}
COLUMNS = ("wrong of certain", "missed of true", "certain of true", "too wide of possible")


def table(seeds: Iterable[int], tracer: Tracer) -> str:
    """The table in Markdown."""
    head = "| lost | worlds with a breach | " + " | ".join(COLUMNS) + " |\n|---|---|---|---|---|---|\n"
    return head + "".join(_row(name, rates, list(seeds), tracer) for name, rates in WAYS.items())


def _row(name: str, rates: Rates, seeds: list[int], tracer: Tracer) -> str:
    counts: Counter[str] = Counter()
    trial = Trial(name, check_sandwich, rates, complete=False)
    for seed in seeds:
        cases = trial.cases(trial.world(seed))
        world_counts = _count(cases, tracer) if cases else Counter()
        counts.update(world_counts)
        counts["worlds"] += bool(world_counts["wrong"] or world_counts["missed"])
    shares = (
        _share(counts["wrong"], counts["certain"]),
        _share(counts["missed"], counts["true"]),
        _share(counts["certain"] - counts["wrong"], counts["true"]),
        _share(counts["wide"], counts["possible"]),
    )
    return f"| {name} | {_share(counts['worlds'], len(seeds))} | " + " | ".join(shares) + " |\n"


def _count(cases: list[Case], tracer: Tracer) -> Counter[str]:
    counts: Counter[str] = Counter()
    records = records_of(cases[0])
    if not records:
        return counts
    traces = tracer(read_events(r.event for r in records))
    for case in cases:
        counts.update(_count_one(case, traces.trace(case.ask)))
    return counts


def _count_one(case: Case, answer: Answer) -> dict[str, int]:
    """How many items, sites and pairs are certain, true, possible; wrongly certain, missed, too wide."""
    world, records = case.world, records_of(case)
    truth = truth_of(world, case.ask)
    breaches = [b.law for b in check_sandwich(world, records, case.ask, answer)]
    wrong, missed = breaches.count("wrongly certain"), breaches.count("missed")
    true = Found(truth.items, truth.sites, truth.pairs)
    sizes = [_size(found, world.neutral) for found in (answer.certain, true, answer.possible)]
    wide = sizes[2] - (sizes[1] - missed)
    return dict(zip(("certain", "true", "possible"), sizes, strict=True)) | {
        "wrong": wrong,
        "missed": missed,
        "wide": max(wide, 0),
    }


def _size(found: Found, neutral: frozenset[str]) -> int:
    pairs = [item for item, _ in found.pairs if item not in neutral]
    return len(found.items - neutral) + len(found.sites) + len(pairs)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
