"""What an enterprise may ask. In: a question, its sight. Out: the same question with the ids behind those it was shown.

It traces from what it had, at its own sites. Bounds and what-if rules that would tell of others' goods by what they cut
are refused: a window finds out a hidden time, a depth the length of a hidden chain, a site left out who is on it.
"""

from __future__ import annotations

import msgspec

from api.rights.seen import EventIds
from api.rights.sight import Sight
from engine.answer import ItemKind
from engine.question import (
    ALWAYS,
    EventSeed,
    ItemSeed,
    LeaveOutRule,
    LoadSeed,
    Options,
    PatternSeed,
    Question,
    Rule,
    Seed,
    SiteSeed,
    TransformationSeed,
)
from engine.questions.names import item_kind
from graph_schema.errors import Forbidden, UnknownSeed

_REGULATOR = "A regulator or a recall coordinator may ask it."


def allowed(question: Question, sight: Sight, ids: EventIds) -> Question:
    """A question that may be asked. Raises `Forbidden`, and `UnknownSeed`: what they never had is as what never was."""
    check_options(question.options, sight)
    seeds = tuple(allowed_seed(seed, sight, ids) for seed in question.seeds)
    return msgspec.structs.replace(question, seeds=seeds)


def check_options(options: Options, sight: Sight) -> None:
    """Refuse what would tell of others' goods."""
    for name, given in (
        ("since or until", options.window != ALWAYS),
        ("maxDepth", options.max_depth is not None),
        ("asKnownAt", options.as_known_at is not None),
        ("a rule of what if at a site of others", not all(_is_own_rule(rule, sight) for rule in options.rules)),
    ):
        if given:
            raise Forbidden(f"{name} is not for enterprises to ask", where="options", remedy=_REGULATOR)


def allowed_seed(seed: Seed, sight: Sight, ids: EventIds) -> Seed:
    """A seed that they had, with the ids behind those that they were shown."""
    if isinstance(seed, EventSeed):
        return EventSeed(_event_had(seed.event, sight, ids))
    if isinstance(seed, TransformationSeed):
        if sight.had_in_process(seed.transformation):
            return seed
        return TransformationSeed(_event_had(seed.transformation, sight, ids))
    if not _is_theirs(seed, sight):
        raise _never_had()
    return seed


def _is_theirs(seed: ItemSeed | SiteSeed | PatternSeed | LoadSeed, sight: Sight) -> bool:
    if isinstance(seed, SiteSeed):
        return sight.is_own(seed.site)
    if isinstance(seed, PatternSeed):
        return sight.is_own(seed.at)
    if isinstance(seed, LoadSeed):
        return seed.window == ALWAYS and bool(sight.items_had([seed.container]))
    return _is_their_item(seed, sight)


def _is_their_item(seed: ItemSeed, sight: Sight) -> bool:
    """One that they had; of a class, and in a window, what was at a site of theirs."""
    if not sight.is_own(seed.at) and (seed.at is not None or seed.window != ALWAYS):
        return False
    if item_kind(seed.item, has_line=False) is ItemKind.CLASS:
        return seed.at is not None and sight.knows_product(seed.item)
    return bool(sight.items_had([seed.item]))


def _event_had(shown: str, sight: Sight, ids: EventIds) -> str:
    """The id of an event that was at their sites or names them, all of whose goods they had."""
    real = ids.real(shown)
    if real is None or not sight.had_in_event(real):
        raise _never_had()
    return real


def _is_own_rule(rule: Rule, sight: Sight) -> bool:
    if isinstance(rule, LeaveOutRule):
        return not rule.events and all(map(sight.is_own, rule.sites))
    return sight.is_own(rule.at)


def _never_had() -> UnknownSeed:
    return UnknownSeed(
        "no event that you may see tells that you had this",
        where="seed",
        remedy="Name what was at your sites: at a site of yours, or what others told that they sent you.",
    )
