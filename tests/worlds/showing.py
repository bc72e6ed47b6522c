"""A failure as a person wants to see it. In: a `Failure`. Out: text: the question, what was owed and given, the world.

The world is YAML in the form of the small worlds: `world`, `events`, `questions`.
"""

from __future__ import annotations

from datetime import timedelta

import yaml

from api.generate.record import BEGIN
from api.generate.truth import Reached
from tests.worlds.laws import Breach, truth_of
from tests.worlds.tracer import Answer, Ask, Found
from tests.worlds.trial import Failure, records_of


def show(failure: Failure, name: str) -> str:
    """The whole report of a failure."""
    world, ask = failure.case.world, failure.case.ask
    breaches = "\n".join(f"# {_breach(b)}" for b in failure.breaches)
    events = [dict(r.event) for r in records_of(failure.case)]
    question = {
        ask.direction: _seed(ask),
        **_where(ask),
        "truth": _of(truth_of(world, ask)),
        "given": _given(failure.answer),
    }
    told = [{"world": f"{name}, seed {world.seed}", "events": events, "questions": [question]}]
    text: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=200, default_flow_style=None)
    return f"{breaches}\n{text}"


def _breach(breach: Breach) -> str:
    what = breach.what if isinstance(breach.what, str) else " at ".join(breach.what)
    return f"{breach.law} ({breach.grain}): {what}"


def _seed(ask: Ask) -> str:
    return ask.seed.item or f"site:{ask.seed.site}"


def _where(ask: Ask) -> dict[str, str]:
    bounds = {"since": ask.seed.since, "until": ask.seed.until}
    place = {"at": ask.seed.site} if ask.seed.item and ask.seed.site else {}
    return place | {name: _time(minute) for name, minute in bounds.items() if minute is not None}


def _time(minute: int) -> str:
    return (BEGIN + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _of(found: Found | Reached) -> dict[str, list[str]]:
    return {
        "items": sorted(found.items),
        "sites": sorted(found.sites),
        "held": sorted(" at ".join(p) for p in found.pairs),
    }


def _given(answer: Answer) -> dict[str, object]:
    unknown = {"unknown_place": True} if answer.possible.unknown else {}
    return {"certain": _of(answer.certain), "possible": _of(answer.possible) | unknown}
