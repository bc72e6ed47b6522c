"""Which event takes a single thing up that another gave. In: times of both. Out: the one that belongs to each.

A single thing is in one place. So whoever takes it up has it from the last who gave it before, unless somebody took it
up from that one already: as brackets close. So a thing that goes round and round is told rightly where one of its
arrivals is not recorded.
"""

from __future__ import annotations

import numpy as np

from engine.coverage.columns import Array

NONE = -1


def paired(given: Array, since: Array, taken: Array, until: Array) -> Array:
    """For each giving its taking, by number, or `NONE`.

    `given` and `taken` say which thing each is of; `since` and `until` when a giving was at the earliest, and a taking
    at the latest. Of one time the giving is first.
    """
    things, times = np.concatenate([given, taken]), np.concatenate([since, until])
    closes = np.arange(len(things)) >= len(given)
    order = np.lexsort((closes, times, things))
    level = np.empty(len(things), np.int64)
    level[order] = _levels(things[order], closes[order])
    # Stable, so that of one level a giving and its taking alternate as they did by time.
    nested = order[np.lexsort((level[order], things[order]))]
    first, second = nested[:-1], nested[1:]
    pair = (things[first] == things[second]) & (level[first] == level[second]) & ~closes[first] & closes[second]
    found = np.full(len(given), NONE, np.int64)
    found[first[pair]] = second[pair] - len(given)
    return found


def _levels(things: Array, closes: Array) -> Array:
    """How many are open with each giving, or were before each taking; both by thing, in order of time."""
    begins = np.flatnonzero(np.r_[True, things[1:] != things[:-1]]) if len(things) else np.empty(0, np.int64)
    run = np.repeat(np.arange(len(begins)), np.diff(np.r_[begins, len(things)]))
    sums = np.cumsum(np.where(closes, -1, 1))
    sums = sums - np.r_[0, sums][begins][run]
    # What is taken and was not given opens nothing: sums are told from the least so far, of each thing by itself.
    apart = run * (2 * len(things) + 1)
    least = np.minimum.accumulate(np.minimum(sums, 0) - apart) + apart
    level = sums - least
    before = np.r_[0, level[:-1]]
    before[begins] = 0
    return np.asarray(np.where(closes, before, level))
