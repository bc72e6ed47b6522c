"""What a story must be beyond its shape, so that it can be told and asked. In: stories, profiles. Out: faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from api.demo.story import Record, Story
from graph_schema.event import EventType
from graph_schema.profiles import Common, Profile, Profiles
from graph_schema.profiles.marked import Fault, Path
from graph_schema.units import UNITS

_LAST_HOUR = 23
_GROUPING = (EventType.AGGREGATION, EventType.ASSOCIATION)
_ON_PAPER = ("extension", "ilmd", "transaction")
"""Where an event has what stands on papers, first words of `at` in common.yaml."""
_DAY = "a day is written as 2017-08-24"
_ONE_THING = "a record moves, uses or makes goods, or is about some; one of these"


def find_story_faults(stories: Iterable[Story], known: Profiles) -> Iterator[Fault]:
    """Everything wrong."""
    seen: set[str] = set()
    for number, story in enumerate(stories):
        if story.profile in seen:
            yield Fault((number, "profile"), f"`{story.profile}` has a story already", "a system has one story")
        seen.add(story.profile)
        profile = known.on(story.profile, story.asof)
        if profile is None:
            yield Fault((number, "profile"), f"`{story.profile}` is no product system", "a story is of a profile")
        else:
            yield from _story_faults((number,), story, profile, known.common)


def _story_faults(path: Path, story: Story, profile: Profile, common: Common) -> Iterator[Fault]:
    yield from _day_faults((*path, "asof"), story.asof)
    numbers: set[int] = set()
    for place, record in enumerate(story.records):
        where = (*path, "events", place)
        if record.number in numbers or not 0 < record.number <= _LAST_HOUR:
            told = f"a record is numbered once, from 1 to {_LAST_HOUR}: at that hour it happened"
            yield Fault((*where, "n"), f"{record.number} is no number of its own", told)
        numbers.add(record.number)
        yield from _record_faults(where, record, profile)
        yield from _paper_faults((*where, "papers"), record, common)
    yield from _unit_faults((*path, "uom"), story)
    yield from _expected_faults(path, story)


def _unit_faults(path: Path, story: Story) -> Iterator[Fault]:
    named = {name for record in story.records for name in record.names()}
    seen: set[str] = set()
    for uom, goods in story.uom.items():
        if uom not in UNITS:
            yield Fault((*path, uom), f"`{uom}` is no unit of measure", "a unit is one of units.yaml")
        for name in goods:
            if name not in named:
                yield Fault((*path, uom), f"`{name}` is in no record", "what has a unit is named by a record")
            if name in seen:
                yield Fault((*path, uom), f"`{name}` has a unit already", "goods are counted in one unit")
            seen.add(name)


def _record_faults(path: Path, record: Record, profile: Profile) -> Iterator[Fault]:
    yield from _day_faults((*path, "t"), record.day)
    changes = [bool(record.move), bool(record.use), bool(record.takes or record.makes)]
    if sum(changes) > 1 or not (any(changes) or record.about or record.link[1]):
        yield Fault(path, "it is not one thing that happened", _ONE_THING)
    if bool(record.move) != (record.to is not None) or (record.source is not None and not record.move):
        yield Fault(path, "it does not move goods to a place", "what moves, and that alone, has a `to`, maybe a `from`")
    names = record.tracked_events()
    if len(names) > (2 if record.move else 1):
        yield Fault((*path, "cte"), f"`{record.tracked}` is too many", "a move has two events at most, else one")
    tracked = [profile.event(name) for name in names]
    for name, event in zip(names, tracked, strict=True):
        if event is None:
            yield Fault((*path, "cte"), f"`{name}` is no event of {profile.profile}", "a record is one of its profile")
    first = tracked[0]
    if record.failed and not any(event.disposition_fail for event in tracked if event is not None):
        told = "what failed has a `disposition_fail` in its profile"
        yield Fault((*path, "failed"), f"`{record.tracked}` is no check", told)
    if first is not None and first.type in _GROUPING and not _whole(record):
        yield Fault(path, "nothing tells which parts are in which whole", "what is put together is linked")


def _paper_faults(path: Path, record: Record, common: Common) -> Iterator[Fault]:
    for name, papers in record.papers.items():
        if name not in record.tracked_events():
            yield Fault(
                (*path, name), f"`{name}` is not what is recorded", "papers are of a tracking event of the record"
            )
        told = {element for element, kde in common.kde.items() if kde.at and kde.at[0].partition(" ")[0] in _ON_PAPER}
        for element in sorted(papers.keys() - told):
            yield Fault((*path, name, element), f"`{element}` is no key data element of papers", "those of common.yaml")


def _whole(record: Record) -> bool:
    """Whether a record of parts names them, and their whole unless it is what is made."""
    return bool(record.link[0]) if record.makes else all(record.link) or len(record.about) > 1


def _expected_faults(path: Path, story: Story) -> Iterator[Fault]:
    named = {name for record in story.records for name in record.names()}
    places = {place for record in story.records for place in (record.by, record.source, record.to)}
    for number, expected in enumerate(story.expected):
        where = (*path, "expected", number)
        if bool(expected.forward) == bool(expected.backward):
            yield Fault(where, "it is not asked one way", "a question goes forward or backward")
        yield from _unknown((*where, "answer"), {*expected.seeds, *expected.answer} - named)
    for item, amounts in story.expected_stock.items():
        where = (*path, "expected_stock", item)
        yield from _unknown(where, {item} - named)
        yield from _unknown(where, {place for place in amounts if not place.startswith("(")} - places)
    for number, fitted in enumerate(story.expected_asof):
        where = (*path, "expected_asof", number)
        yield from _day_faults((*where, "day"), fitted.day)
        wholes = {whole for held in fitted.answer.values() for whole in held}
        yield from _unknown(where, {*fitted.answer, *wholes} - named)


def _unknown(path: Path, names: Iterable[str | None]) -> Iterator[Fault]:
    for name in sorted(str(name) for name in names):
        yield Fault(path, f"`{name}` is in no record", "what is expected is named by a record")


def _day_faults(path: Path, text: str) -> Iterator[Fault]:
    try:
        date.fromisoformat(text)
    except ValueError:
        yield Fault(path, f"`{text}` is no day", _DAY)
