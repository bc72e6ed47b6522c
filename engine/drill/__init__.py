"""A drill: what would happen if these lots had to be traced and recalled today (paper 六(二)1, ADR 0031).

In: an index and snapshot, profiles, a seed. Out: `Drill`: of each lot of a random draw whether its records lead all the
way back and forth, how long the answer took, and how much of what a recall would be after is located.
"""

from engine.drill.drilling import MOST_REACHED, MOST_SAMPLES, Drill, DrillAsked, drill
from engine.drill.effect import Effect
from engine.drill.measures import Drilled, RecallEffect, TraceSeconds, drilled, parts_of, samples_of
from engine.drill.sample import Sample, Shortfall

__all__ = [
    "MOST_REACHED",
    "MOST_SAMPLES",
    "Drill",
    "DrillAsked",
    "Drilled",
    "Effect",
    "RecallEffect",
    "Sample",
    "Shortfall",
    "TraceSeconds",
    "drill",
    "drilled",
    "parts_of",
    "samples_of",
]
