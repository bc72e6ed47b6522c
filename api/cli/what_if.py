"""What-if rules from the words of options (design §6). In: option values. Out: `Rule`s, or `InvalidInput`.

A value is the thing that the rule is about, and what narrows it: `SITE,since=TIME,until=TIME,product=ITEM`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import typer

from engine.question import KillStepRule, LeaveOutRule, MixRule, Rule
from engine.seeds import parse_biz_step, parse_key, parse_site, parse_window
from graph_schema.errors import InvalidInput

CROSS_CONTAMINATION = "--cross-contamination"
KILL_STEP = "--kill-step"

CrossContamination = Annotated[
    list[str] | None,
    typer.Option(
        CROSS_CONTAMINATION,
        metavar="SITE[,since=TIME][,until=TIME][,product=ITEM]",
        help="What if all goods (of a product) at a site touched each other, until a clean break. May be repeated.",
    ),
]
KillStep = Annotated[
    list[str] | None,
    typer.Option(
        KILL_STEP,
        metavar="STEP[,at=SITE][,product=ITEM]",
        help="What if a business step (at a site, on a product) ended the hazard. May be repeated.",
    ),
]
LeaveOutSite = Annotated[
    list[str] | None,
    typer.Option("--leave-out-site", metavar="SITE", help="What if no goods had been at this site. May be repeated."),
]
LeaveOutEvent = Annotated[
    list[str] | None,
    typer.Option("--leave-out-event", metavar="ID", help="What if this event had not been. May be repeated."),
]

_WORD = re.compile(r",(since|until|product|at)=")


class WhatIf(msgspec.Struct, frozen=True):
    """The what-if options of a question, as given."""

    cross_contamination: Sequence[str] | None = None
    kill_step: Sequence[str] | None = None
    leave_out_site: Sequence[str] | None = None
    leave_out_event: Sequence[str] | None = None

    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order of the options."""
        rules: list[Rule] = [_mix(text) for text in self.cross_contamination or ()]
        rules.extend(_kill_step(text) for text in self.kill_step or ())
        sites = tuple(parse_site(site) for site in self.leave_out_site or ())
        events = tuple(self.leave_out_event or ())
        if sites or events:
            rules.append(LeaveOutRule(sites, events))
        return tuple(rules)


def _mix(text: str) -> MixRule:
    site, narrowed = _narrowed(text, CROSS_CONTAMINATION, ("since", "until", "product"))
    window = parse_window(narrowed.get("since"), narrowed.get("until"))
    return MixRule(parse_site(site), window, _key(narrowed, "product"))


def _kill_step(text: str) -> KillStepRule:
    step, narrowed = _narrowed(text, KILL_STEP, ("at", "product"))
    word = parse_biz_step(step, KILL_STEP)
    at = parse_site(narrowed["at"]) if "at" in narrowed else None
    return KillStepRule(word, at, _key(narrowed, "product"))


def _key(narrowed: Mapping[str, str], word: str) -> str | None:
    return parse_key(narrowed[word]) if word in narrowed else None


def _narrowed(text: str, option: str, words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """What a rule is about, and what narrows it, by word; each word at most once."""
    about, *pairs = _WORD.split(text)
    found: dict[str, str] = {}
    for word, value in zip(pairs[::2], pairs[1::2], strict=True):
        if word not in words or word in found:
            said = "is given twice" if word in found else "does not narrow this rule"
            raise InvalidInput(f"{word} {said}", where=option, remedy=f"It takes each of {', '.join(words)} once.")
        found[word] = value
    return about.strip(), found
