"""What the law asks of a recall, as it is told (ADR 0023). In: a system, days, the seeds of a recall. Out: `SystemLaw`.

A recall is told the rule on the day of the first event that names what is recalled, as the law of the event's date, and
the one of the day on which it is made, which binds who recalls now. Where these are one rule it is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from api.settings import today
from engine.ledger import LedgerEntry
from engine.question import EventSeed, ItemSeed, Seed
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidInput
from graph_schema.profiles import Profiles, RecallLaw, acting_system, recall_law_on, recall_laws, system_name
from graph_schema.profiles.recognition import day_of, tracking_events
from graph_schema.profiles.rules import is_date

FIRST = "the first event of what is recalled"
RECALL = "the recall"
LOOKED = 20
"""Records that are read whole to tell of which system what is recalled is."""


class LawOn(msgspec.Struct, frozen=True):
    """The rule that holds on a day."""

    day: str
    of: tuple[str, ...]
    """What happened on the day, or on another on which the same rule holds; none where the day itself was asked for."""
    law: RecallLaw | None
    """None: none that is known holds."""
    next: str | None
    """The day, after it, on which another rule comes into force; None: none that is known."""


class SystemLaw(msgspec.Struct, frozen=True):
    """The rules on recalls of a product system, on one day or two."""

    system: str
    zh: str
    en: str
    on: tuple[LawOn, ...]


def day_asked(told: str | None, where: str) -> str:
    """A day as people give it, today where none is given; raises `InvalidInput`."""
    if told is None:
        return today().isoformat()
    if not is_date(told):
        raise InvalidInput(f"{told[:40]!r} is no day", where=where, rule="ISO 8601", remedy="Write it as 2022-10-31.")
    return told


def law_on(asked: str, day: str, profiles: Profiles) -> SystemLaw:
    """The rule of a system, by its name or label, on a day; `InvalidInput` where there is no such system."""
    return _told(system_name(asked, profiles), [(day, ())], profiles)


def law_of_recall(
    asked: str | None, seeds: Sequence[Seed], snapshot: Snapshot, at: int, day: str, profiles: Profiles
) -> SystemLaw | None:
    """The rules for a recall made on a day; None where no system is asked for and none is told of what is recalled.

    `at` is the ledger position that the recall is of.
    """
    entries = _entries_of(seeds, snapshot, at)
    name = _system_of(seeds, entries, snapshot, profiles) if asked is None else system_name(asked, profiles)
    if name is None:
        return None
    days = [(min(day_of(entry.event) for entry in entries), (FIRST,))] if entries else []
    return _told(name, [*days, (day, (RECALL,))], profiles)


def _told(name: str, days: list[tuple[str, tuple[str, ...]]], profiles: Profiles) -> SystemLaw:
    profile = profiles.versions(name)[-1]
    found: list[LawOn] = []
    for day, of in days:
        law = recall_law_on(name, day, profiles)
        if found and found[-1].law == law:
            found[-1] = msgspec.structs.replace(found[-1], of=(*found[-1].of, *of))
        else:
            found.append(LawOn(day, of, law, _next(name, day, profiles)))
    return SystemLaw(name, profile.label_zh, profile.label_en, tuple(found))


def _next(name: str, day: str, profiles: Profiles) -> str | None:
    """The first day after one on which another rule holds."""
    versions = profiles.versions(name)
    days = {version.valid_from for version in versions} | {
        law.in_force for version in versions for law in recall_laws(version)
    }
    law = recall_law_on(name, day, profiles)
    later = sorted(each for each in days if each is not None and each > day)
    return next((each for each in later if recall_law_on(name, each, profiles) != law), None)


def _entries_of(seeds: Sequence[Seed], snapshot: Snapshot, at: int) -> list[LedgerEntry]:
    """The records that name a thing that is recalled, or are named themselves."""
    items = {seed.item for seed in seeds if isinstance(seed, ItemSeed)}
    ids = {seed.event for seed in seeds if isinstance(seed, EventSeed)}
    naming = snapshot.lookup.entries_naming(items)
    return [entry for entry in (*naming, *snapshot.ledger.entries_of(ids)) if entry.seq <= at]


def _system_of(
    seeds: Sequence[Seed], entries: Sequence[LedgerEntry], snapshot: Snapshot, profiles: Profiles
) -> str | None:
    """The one system that codes of the seeds, or what the senders of the first records call them, tell."""
    acting = (acting_system(None, seed.item, profiles) for seed in seeds if isinstance(seed, ItemSeed))
    names = {system.name for system in acting if system is not None}
    first = snapshot.events.at([entry.seq for entry in entries[:LOOKED]])
    told = [{profile.profile for profile, _, _ in tracking_events(entry.event, profiles)} for entry in first]
    common = set.intersection(*some) if (some := [each for each in told if each]) else set()
    names = names or common
    return names.pop() if len(names) == 1 else None


def law_json(told: SystemLaw | None) -> dict[str, Any] | None:
    """As it stands in the JSON of a recall scope, in the contract's spelling (docs/answers.md)."""
    if told is None:
        return None
    written: dict[str, Any] = msgspec.to_builtins(told)
    for one in written["on"]:
        if one["law"] is not None:
            one["law"] = {("inForce" if name == "in_force" else name): value for name, value in one["law"].items()}
    return written


def law_lines(told: SystemLaw) -> list[tuple[str, str]]:
    """As people read it: what each line is of, and the line."""
    lines = [("Product system", f"{told.system}  {told.zh}  {told.en}")]
    for one in told.on:
        why = f" ({' and '.join(one.of)})" if one.of else ""
        lines += [("Recall law on", f"{one.day}{why}"), *rule_lines(one.law)]
        if one.next is not None:
            lines.append(("Another rule from", one.next))
    return lines


def rule_lines(law: RecallLaw | None) -> list[tuple[str, str]]:
    """A rule as people read it: what each line is of, and the line."""
    if law is None:
        return [("Rule", "none that is known was in force")]
    since = "a day that is not told" if law.in_force is None else law.in_force
    lines = [("Rule", f"{law.basis} [{law.status.marked}]"), ("In force since", since)]
    lines += [
        (f"Class {one.name}", f"{one.words} [{law.figures.marked}]{f': {one.when}' if one.when else ''}")
        for one in law.classes
    ]
    more = (("Who recalls", law.owner), ("Disposal", law.dispose), ("Note", law.note), ("Source", law.source))
    return [*lines, *((head, text) for head, text in more if text)]
