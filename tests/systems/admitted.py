"""Stories asked whether a market may take their goods. In: a case of `access.yaml`, a store. Out: checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from api.demo.naming import name_of
from api.demo.stories import stories, told
from api.demo.story import Record
from api.demo.telling import Told
from api.session import Reading
from engine.access import MarketAccess, market_access
from engine.capture import capture
from engine.index import open_index
from engine.ledger import Capture
from engine.stores.ports import Store
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import ActingSystem, profiles
from tests.worlds.reading import read_events

Tree = dict[str, Any]
CASES: list[Tree] = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text(encoding="utf-8"))
IDS = [f"{number} {case['profile']}" for number, case in enumerate(CASES)]


@cache
def telling(number: int) -> Told:
    """The story of a case, with the papers of its records."""
    case = CASES[number]
    story, papers = stories()[case["profile"]], case.get("papers", {})
    records = [msgspec.structs.replace(one, papers=papers.get(one.number, {})) for one in story.records]
    also = (more | {"papers": {more["cte"]: more["papers"]}} for more in case.get("also", []))
    records += (msgspec.convert(more, Record) for more in also)
    return told(msgspec.structs.replace(story, records=tuple(records)))


def told_to(number: int, store: Store) -> None:
    """A case told to an empty store."""
    events = read_events(telling(number).events)
    capture(store, events, Capture("", "story", CASES[number]["profile"], 0))


def judge(number: int, store: Store) -> None:
    """Each answer of a case, told to an empty store, is as its file expects."""
    told_to(number, store)
    with store.snapshot() as snapshot:
        reading = Reading(snapshot, open_index(None, snapshot))
        for wanted in CASES[number]["ask"]:
            answer = asked(number, reading, str(wanted["of"]), wanted["day"])
            assert answer.verdict == wanted["verdict"], (wanted, answer.reasons)
            assert unmet(answer) == sorted(map(tuple, wanted["unmet"])), wanted


def asked(number: int, reading: Reading, item: str, day: str) -> MarketAccess:
    """Whether the market of a case may take an item of its story."""
    case = CASES[number]
    key = canonical_key(telling(number).item(item))
    return market_access(reading, key, case["market"], ActingSystem(case["profile"], profiles()), day)


def unmet(answer: MarketAccess) -> list[tuple[str, str, str]]:
    """What about, which demand and of which item the reasons to hold are."""
    found = {(one.kind.value, one.demand, name_of(one.item)) for one in answer.reasons if not one.met}
    return sorted(found)
