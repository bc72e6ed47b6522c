"""What a market demands by its profile. In: a demand, goods, their records. Out: the reason, met or not.

A demand over sources is met where on each way back from the goods some record meets it: of the goods themselves, of
what they were made of, or of what that was made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from engine.access.answer import Reason, ReasonKind
from engine.access.records import Recorded, Records
from graph_schema.profiles import Common, Profile
from graph_schema.profiles.elements import text_at
from graph_schema.profiles.market import Demand, DemandKind, Reach


class Asked(msgspec.Struct, frozen=True):
    """The goods that are asked for, and what is known of them."""

    item: str
    day: str
    profile: Profile
    common: Common
    records: Records


def judge(demand: Demand, asked: Asked) -> Iterator[Reason]:
    """Where a demand is not met, one reason for each item that lacks something; else one that tells what meets it."""
    if demand.kind is DemandKind.DATE:
        yield _dated(demand, asked)
        return
    met: list[Recorded] = []
    lacking = _lacking(demand, asked, met)
    kind = ReasonKind(demand.kind.value)
    for item in lacking:
        yield Reason(kind, demand.id, False, item, None, _seen(demand, asked, item), _wanted(demand, asked, item))
    if not lacking:
        events = tuple(dict.fromkeys(one.event.id for one in met))
        yield Reason(kind, demand.id, True, asked.item, None, events, f"{demand.label_en}")


def _lacking(demand: Demand, asked: Asked, met: list[Recorded]) -> list[str]:
    """The items that lack a record, on ways back on which none has one; notes those that meet the demand."""
    kinds = _kinds(demand, asked.profile)
    seen, lacking = {asked.item}, []
    waiting: list[tuple[str, str | None]] = [(asked.item, None)]
    while waiting:
        item, wanted = waiting.pop()
        if proof := _proof(demand, asked, item):
            met.append(proof)
            continue
        # What a way back without a record is to be reported for: the last goods on it that the records are about.
        wanted = item if asked.records.kinds(item) & kinds else wanted
        behind = asked.records.sources(item) if demand.over is Reach.SOURCES else frozenset()
        if not behind:
            lacking.append(wanted or item)
        waiting += [(source, wanted) for source in sorted(behind - seen)]
        seen |= behind
    # Things that were made of one another alone prove nothing.
    return sorted(set(lacking)) if lacking or met else [asked.item]


def _kinds(demand: Demand, profile: Profile) -> frozenset[str]:
    """The kinds of goods that records of a demand are about."""
    events = (event for event in profile.events if event.id in demand.any_of)
    return frozenset(kind for event in events for kind in (*event.of, *event.makes))


def _proof(demand: Demand, asked: Asked, item: str) -> Recorded | None:
    proofs = frozenset(asked.common.access.proofs)
    records = asked.records.of(item)
    return next((one for one in reversed(records) for name in demand.any_of if one.proves(name, proofs)), None)


def _seen(demand: Demand, asked: Asked, item: str) -> tuple[str, ...]:
    """Records that would meet a demand, and do not."""
    return tuple(one.event.id for one in asked.records.of(item) if one.names & {*demand.any_of})


def _wanted(demand: Demand, asked: Asked, item: str) -> str:
    """What is missing, and what of the records there are."""
    labels = [event.label_en for event in asked.profile.events if event.id in demand.any_of]
    wanted = f"{demand.label_en}: no record that counts of {' or '.join(labels)}"
    why = sorted({why for one in asked.records.of(item) if one.names & {*demand.any_of} for why in _doubts(one, asked)})
    return f"{wanted} ({', '.join(why)})" if why else wanted


def _doubts(one: Recorded, asked: Asked) -> Iterator[str]:
    """Why a record does not count."""
    if one.failed:
        yield "failed"
    if not one.sure:
        yield "in doubt: unattested, declared an error, in conflict or without a time"
    missing = {name for each in one.recognised for name in each.missing}
    yield from (f"without {asked.common.kde[name].en}" for name in asked.common.access.proofs if name in missing)


def _dated(demand: Demand, asked: Asked) -> Reason:
    """Whether the day that the newest record tells is not over."""
    places = asked.common.kde[demand.element or ""].at
    told = [
        (one, text)
        for one in asked.records.of(asked.item)
        if one.names & {*demand.any_of} and (text := text_at(one.event, places)) is not None
    ]
    events = tuple(one.event.id for one, _ in told[-1:])
    met, why = _not_over(told[-1][1] if told else None, asked.day)
    sure = all(one.sure for one, _ in told[-1:])
    text = f"{demand.label_en}: {why}" + ("" if sure else ", by a record that is in doubt")
    return Reason(ReasonKind.DATE, demand.id, met and sure, asked.item, None, events, text)


def _not_over(told: str | None, day: str) -> tuple[bool, str]:
    if told is None:
        return False, "no record tells the day"
    try:
        last = date.fromisoformat(told[:10])
    except ValueError:
        return False, f"{told[:40]!r} is no day"
    return day <= last.isoformat(), f"until {last.isoformat()}"
