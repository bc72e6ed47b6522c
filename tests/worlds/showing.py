"""A failure as a person wants to see it. In: a `Failure`. Out: text: the question, what was owed and given, the world.

The world is YAML in the form of the small worlds: `world`, `events`, `questions`.
"""

from __future__ import annotations

import re
from datetime import timedelta

import yaml

from api.generate.record import BEGIN, Json
from api.generate.truth import Reached
from tests.worlds.laws import Breach, truth_of
from tests.worlds.tracer import Answer, Ask, Found
from tests.worlds.trial import Failure, records_of

_OBVIOUS = ("eventID", "eventTimeZoneOffset", "type", "disposition")
_PREFIXES = (
    r"urn:epc:(id|class|idpat):\w+:0614141\.",
    r"https?://[a-z./]+/(?=(01|00|414|417|8003)/)",
    r"urn:epcglobal:cbv:bt:0614141000005:",
    r"(epcClass|bizTransaction|source|destination|id)\W{1,4}: ",
    r"'type': '\w+', ",
)


def show(failure: Failure, name: str) -> str:
    """The whole report of a failure."""
    world, ask = failure.case.world, failure.case.ask
    breaches = "\n".join(f"# {_breach(b)}" for b in failure.breaches)
    lines = "\n".join(f"#   {_brief(r.event)}" for r in records_of(failure.case))
    asked = f"# asked: {ask.direction} {_seed(ask)} {_where(ask) or ''}"
    events = [dict(r.event) for r in records_of(failure.case)]
    question = {
        ask.direction: _seed(ask),
        **_where(ask),
        "truth": _of(truth_of(world, ask)),
        "given": _given(failure.answer),
    }
    told = [{"world": f"{name}, seed {world.seed}", "events": events, "questions": [question]}]
    text: str = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=200, default_flow_style=None)
    return f"{breaches}\n{asked}\n{lines}\n{text}"


def _brief(event: Json) -> str:
    """An event in one line, codes cut down to what tells them apart."""
    shown = {name: value for name, value in event.items() if name not in _OBVIOUS}
    text = ", ".join(f"{name} {value}" for name, value in shown.items())
    for pattern in _PREFIXES:
        text = re.sub(pattern, "", text)
    return re.sub(r"[{}\[\]\'\"]", "", text)


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
