"""Seeds from text (design §6). In: what a person types. Out: a `Seed`, or `InvalidInput` that says what to type.

A seed is an item in any spelling, `event:ID`, `transformation:ID`, `site:ID` or `load:SSCC[@T]`. A time is ISO 8601
with its zone; a date alone is that whole day, in UTC unless a zone follows it (`2026-01-31+08:00`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from engine.question import EventSeed, ItemSeed, LoadSeed, Seed, SiteSeed, TransformationSeed, Window
from graph_schema.errors import InvalidInput
from graph_schema.identifiers import take_identifier
from graph_schema.interval import Interval, micros_of

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")


def parse_seed(text: str, at: str | None = None, since: str | None = None, until: str | None = None) -> Seed:
    """Read a seed, narrowed to a site and a window; raises `InvalidInput`."""
    window = parse_window(since, until)
    kind, colon, rest = text.strip().partition(":")
    if colon and rest and kind in ("event", "transformation"):
        _refuse_narrowing(text, at, since, until)
        return EventSeed(rest) if kind == "event" else TransformationSeed(rest)
    if colon and rest and kind in ("site", "load"):
        _refuse_narrowing(text, at)
        return SiteSeed(parse_key(rest), window) if kind == "site" else _load(rest, window)
    place = None if at is None else parse_key(at)
    return ItemSeed(parse_key(text.strip()), place, window)


def parse_key(text: str) -> str:
    """The key of a thing in any spelling; raises `InvalidIdentifier`.

    Of a URI that breaks a rule of its scheme, the key under which such records are kept.
    """
    named, error = take_identifier(text)
    if error is not None and named.scheme == "uri":
        raise error
    return named.key


def _load(text: str, window: Window) -> LoadSeed:
    container, sign, time = text.rpartition("@")
    if not sign:
        return LoadSeed(parse_key(text), window)
    moment = parse_time(time)
    return LoadSeed(parse_key(container), Window(moment.earliest, moment.latest))


def _refuse_narrowing(text: str, *bounds: str | None) -> None:
    if any(bound is not None for bound in bounds):
        raise InvalidInput(
            f"{text} cannot be narrowed so",
            where="seed",
            remedy="Name a site or a window for an item, a window for a site or a load, and none for an event.",
        )


def parse_window(since: str | None, until: str | None) -> Window:
    """A window of two times, either of which may be absent; raises `InvalidInput`."""
    first = None if since is None else parse_time(since).earliest
    last = None if until is None else parse_time(until).latest
    if first is not None and last is not None and last < first:
        raise InvalidInput(f"the window ends ({until}) before it begins ({since})", where="until")
    return Window(first, last)


def parse_time(text: str) -> Interval:
    """A time with its zone, or a whole day; raises `InvalidInput`."""
    day = _DAY.fullmatch(text.strip())
    try:
        if day is not None:
            return _whole_day(*day.groups())
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            f"{text!r} is no time", where="time", rule="ISO 8601", remedy="Write 2026-01-31T08:00:00+08:00."
        ) from error
    if moment.tzinfo is None:
        raise InvalidInput(
            f"{text!r} has no zone", where="time", rule="ISO 8601", remedy=f"Write {text}Z or {text}+08:00."
        )
    return Interval(micros_of(moment), micros_of(moment))


def _whole_day(day: str, zone: str | None) -> Interval:
    start = datetime.fromisoformat(f"{day}T00:00:00{zone or 'Z'}").astimezone(UTC)
    return Interval(micros_of(start), micros_of(start + timedelta(days=1)) - 1)
