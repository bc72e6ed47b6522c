"""What a question's own bounds keep out of its answer, and why (design §6). In: a question. Out: wider questions.

Each bound is taken away alone and the question asked again: what comes in then is excluded by that bound.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.question import (
    ALWAYS,
    ItemSeed,
    KillStepRule,
    LeaveOutRule,
    LoadSeed,
    MixRule,
    PatternSeed,
    Question,
    Rule,
    Seed,
    SiteSeed,
)

REASONS = {
    "window": "was not there, or did not move, in the window asked for",
    "clean_break": "came after the clean break that ended the cross-contamination",
    "kill_step": "came only through a kill step",
    "left_out": "came only through a site or event that was left out",
}
"""Why something is excluded: a word, and what it says."""


def wider_questions(question: Question) -> Iterator[tuple[str, Question]]:
    """Why each bound excludes, and the question without it."""
    options, rules = question.options, question.options.rules
    seeds = tuple(_unbounded(seed) for seed in question.seeds)
    if seeds != question.seeds or options.window != ALWAYS:
        yield "window", Question(seeds, question.direction, msgspec.structs.replace(options, window=ALWAYS))
    for reason, kind in (("kill_step", KillStepRule), ("left_out", LeaveOutRule)):
        if any(isinstance(rule, kind) for rule in rules):
            yield reason, _with(question, tuple(rule for rule in rules if not isinstance(rule, kind)))
    if any(isinstance(rule, MixRule) and rule.window.until is not None for rule in rules):
        yield "clean_break", _with(question, tuple(_endless(rule) for rule in rules))


def _with(question: Question, rules: tuple[Rule, ...]) -> Question:
    options = msgspec.structs.replace(question.options, rules=rules)
    return msgspec.structs.replace(question, options=options)


def _unbounded(seed: Seed) -> Seed:
    if isinstance(seed, ItemSeed | SiteSeed | PatternSeed | LoadSeed):
        return msgspec.structs.replace(seed, window=ALWAYS)
    return seed


def _endless(rule: Rule) -> Rule:
    if not isinstance(rule, MixRule):
        return rule
    return msgspec.structs.replace(rule, window=msgspec.structs.replace(rule.window, until=None))
