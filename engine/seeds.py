"""Seeds from text (design §6). In: what a person types. Out: a `Seed`, or `InvalidInput` that says what to type.

A seed is an item in any spelling, or as a code that the caller knows, `event:ID`, `transformation:ID`, `site:ID` or
`load:SSCC[@T]`. Where a site is asked for, 13 digits are its GLN, and where a load is, 18 digits an SSCC. A time is ISO
8601 with its zone; a date alone is that whole day, in UTC unless a zone follows it (`2026-01-31+08:00`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from engine.question import EventSeed, ItemSeed, LoadSeed, Seed, SiteSeed, TransformationSeed, Window
from graph_schema.errors import InvalidEvent, InvalidInput
from graph_schema.identifiers import take_identifier
from graph_schema.interval import Interval, micros_of
from graph_schema.vocabulary import Kind, cbv_word

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{8})(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DAY_LONG = 24 * 60 * 60 * 1_000_000
_GLN = re.compile(r"\d{13}", re.ASCII)
_SSCC = re.compile(r"\d{18}", re.ASCII)


def parse_seed(
    text: str,
    at: str | None = None,
    since: str | None = None,
    until: str | None = None,
    key_of: Callable[[str], str] | None = None,
) -> Seed:
    """Read a seed, narrowed to a site and a window; raises `InvalidInput`.

    `key_of` gives the key of a thing: by the spellings of GS1 alone (`parse_key`), unless it knows more codes.
    """
    key_of = key_of or parse_key
    window = parse_window(since, until)
    kind, colon, rest = text.strip().partition(":")
    if colon and rest and kind in ("event", "transformation"):
        _refuse_narrowing(text, at, since, until)
        return EventSeed(rest) if kind == "event" else TransformationSeed(rest)
    if colon and rest and kind in ("site", "load"):
        _refuse_narrowing(text, at)
        return SiteSeed(parse_site(rest), window) if kind == "site" else _load(rest, window, key_of)
    place = None if at is None else parse_site(at)
    return ItemSeed(key_of(text.strip()), place, window)


def parse_key(text: str) -> str:
    """The key of a thing in any spelling; raises `InvalidIdentifier`.

    Of a URI that breaks a rule of its scheme, the key under which such records are kept.
    """
    named, error = take_identifier(text)
    if error is not None and named.scheme == "uri":
        raise error
    return named.key


def parse_site(text: str) -> str:
    """The key of a site in any spelling, its GLN alone among them; raises `InvalidIdentifier`."""
    return parse_key(f"(414){text.strip()}" if _GLN.fullmatch(text.strip()) else text)


def parse_biz_step(text: str, where: str) -> str:
    """A business step as events have it, its bare word in any spelling or a URI; `InvalidInput` for any other word."""
    try:
        return cbv_word(Kind.BIZ_STEP, text)
    except InvalidEvent as error:
        raise InvalidInput(error.what, where=where, rule=error.rule, remedy=error.remedy) from error


def _load(text: str, window: Window, key_of: Callable[[str], str]) -> LoadSeed:
    container, sign, time = text.rpartition("@")
    if not sign:
        return LoadSeed(_container(text, key_of), window)
    moment = parse_time(time)
    return LoadSeed(_container(container, key_of), Window(moment.earliest, moment.latest))


def _container(text: str, key_of: Callable[[str], str]) -> str:
    return key_of(f"(00){text.strip()}" if _SSCC.fullmatch(text.strip()) else text)


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
        raise InvalidInput(
            f"the window ends ({until}) before it begins ({since})",
            where="until",
            remedy="Give the earlier first.",
        )
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
            f"{text!r} has no zone",
            where="time",
            rule="ISO 8601",
            remedy=f"Write {moment.isoformat()}Z or {moment.isoformat()}+08:00.",
        )
    return Interval(micros_of(moment), micros_of(moment))


def _whole_day(day: str, zone: str | None) -> Interval:
    start = micros_of(datetime.fromisoformat(f"{day}T00:00:00{zone or 'Z'}"))
    return Interval(start, start + _DAY_LONG - 1)
