"""Stories asked for who is responsible. In: a case of `responsible.yaml`, a store. Out: checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from api.demo.naming import name_of, site
from api.demo.stories import stories, told
from api.demo.telling import Told
from api.responsible import responsible
from api.session import Reading
from engine.capture import capture
from engine.index import open_index
from engine.ledger import Capture
from engine.responsibility import Account, Responsibility
from engine.stores.ports import Store
from graph_schema.profiles import profiles
from tests.worlds.reading import read_events

Tree = dict[str, Any]
CASES: list[Tree] = yaml.safe_load((Path(__file__).parent / "responsible.yaml").read_text(encoding="utf-8"))
IDS = [f"{case['profile']} {case['found']}" for case in CASES]


@cache
def telling(number: int) -> Told:
    """The story of a case, with what was counted in it."""
    case = CASES[number]
    story, counts = stories()[case["profile"]], case.get("count", {})
    records = tuple(msgspec.structs.replace(one, count=counts.get(one.number, {})) for one in story.records)
    return told(msgspec.structs.replace(story, records=records))


def asked(number: int, store: Store) -> Responsibility:
    """A case told to an empty store, and asked."""
    case, story = CASES[number], telling(number)
    capture(store, read_events(story.events), Capture("", "story", case["profile"], 0))
    with store.snapshot() as snapshot:
        reading = Reading(snapshot, open_index(None, snapshot))
        return responsible(reading, story.item(str(case["found"])), case["profile"], profiles())


def judge(number: int, answer: Responsibility) -> None:
    """Subjects, breaks and last holders are those of the case, of the found thing and of its lot."""
    case = CASES[number]
    account, *lots = answer.accounts
    _judge(account, case)
    assert [name_of(one.item) for one in lots] == ([case["lot"]["of"]] if "lot" in case else [])
    for lot in lots:
        _judge(lot, case["lot"])
        assert [_place(one.site) for one in lot.subjects if one.made_it] == case["lot"]["made"]
    assert [_place(subject.site) for subject in answer.holders()] == case["holders"]


def _judge(account: Account, wanted: Tree) -> None:
    assert [_place(subject.site) for subject in account.subjects] == wanted["subjects"]
    assert sorted([one.kind, _place(one.site)] for one in account.breaks) == sorted(wanted["breaks"])


def _place(key: str | None) -> str:
    return (key or "").removeprefix(site(""))
