"""A draw without replacement that anyone repeats (ADR 0026). In: a state, a `DrawAsked`. Out: `Draw`.

Each candidate has tickets. The number of a ticket is the SHA-256 of what is drawn from, the seed, the candidate's key
and which of its tickets it is; the tickets are turned up in order of their numbers, and each candidate is drawn at the
first of its own. So whoever has w of the W tickets left is next with probability w / W, as in Efraimidis and
Spirakis (2006), and the first n of a longer draw are the draw of n.
"""

from __future__ import annotations

import hashlib
import heapq
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from engine.coverage.register import Register, read_register
from engine.event_order import FAR_OFF, LONG_AGO, EventSpan
from engine.inspection.candidates import Candidate, Candidates, OfLots, Urn, find_candidates
from engine.ledger import Head, LedgerEntry
from engine.question import Window
from engine.questions.position import ledger_state
from engine.stores.ports import Snapshot
from engine.tracking import versions_of
from graph_schema.errors import InvalidInput, LimitExceeded
from graph_schema.interval import datetime_of
from graph_schema.profiles import Profile, Profiles
from graph_schema.profiles.profile import Drawable, Inspection, Signal

FORM = "suyuan draw 1"
"""The first line of what a ticket's number is the hash of."""
MOST_DRAWN = 1_000
MOST_EVENTS = 1_000_000
LONGEST_SEED = 200
"""Characters."""
_LAST_DAY = date.max.isoformat()


class DrawAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn."""

    system: str
    seed: str
    count: int
    kind: Drawable = Drawable.LOTS
    position: int | None = None
    """Of the ledger; None: the newest."""
    window: Window = Window()
    """When the events happened that candidates are found in."""


class Drawn(msgspec.Struct, frozen=True):
    """A candidate that was drawn."""

    rank: int
    """1: the first."""
    key: str
    tickets: int
    ticket: int
    """Which of its tickets was turned up first, from 1."""
    number: str
    """That ticket's number, in hexadecimal."""
    signals: tuple[Signal, ...]


class Draw(msgspec.Struct, frozen=True):
    """What was drawn, and all that whoever repeats it needs to know."""

    id: str
    """A name for what was drawn from: all that decides the order, without how many were drawn."""
    system: str
    version: int
    """Of the profile whose weights these are."""
    kind: Drawable
    seed: str
    position: int
    hash: str
    """The chain hash at the position: which ledger it was."""
    window: Window
    weights: Inspection
    candidates: int
    tickets: int
    """Of all candidates."""
    digest: str
    """SHA-256 of the lines `key tickets` of all candidates, in order of key."""
    events: int
    unnamed: int
    drawn: tuple[Drawn, ...]


def draw(snapshot: Snapshot, profiles: Profiles, asked: DrawAsked) -> Draw:
    """Draw; raises `InvalidInput` for what cannot be asked, `LimitExceeded` where there is too much to draw from."""
    seed = _checked_seed(asked.seed)
    if not 1 <= asked.count <= MOST_DRAWN:
        raise InvalidInput(f"{asked.count} are to be drawn", where="count", remedy=f"Draw 1 to {MOST_DRAWN:,}.")
    position = _position(snapshot.ledger.head(), asked.position)
    state = ledger_state(snapshot, position)
    day = day_of(state.accepted_until)
    profile = acting(profiles, asked.system, day)
    weights = profile.inspection or profiles.common.inspection_default
    found = _candidates(snapshot, profiles, asked, position, _urn(snapshot, asked, position, day, weights))
    lines = (FORM, state.hash, asked.system, asked.kind, seed)
    digest = hashlib.sha256(_lines(f"{row.key} {row.tickets}" for row in found.rows)).hexdigest()
    return Draw(
        id=f"urn:suyuan:draw:{hashlib.sha256(_lines((*lines, digest))).hexdigest()}",
        system=asked.system,
        version=profile.version,
        kind=asked.kind,
        seed=seed,
        position=position,
        hash=state.hash,
        window=asked.window,
        weights=weights,
        candidates=len(found.rows),
        tickets=sum(row.tickets for row in found.rows),
        digest=digest,
        events=found.events,
        unnamed=found.unnamed,
        drawn=tuple(turn_up(found.rows, lines, asked.count)),
    )


def turn_up(rows: Iterable[Candidate], lines: Iterable[str], count: int) -> list[Drawn]:
    """The first candidates of the order that the tickets' numbers give; `lines` are what is hashed before a key."""
    before = hashlib.sha256(_lines(lines))

    def first(row: Candidate) -> tuple[bytes, str, int, Candidate]:
        start = before.copy()
        start.update(f"{row.key}\n".encode())
        number, ticket = min((_ended(start, ticket), ticket) for ticket in range(1, row.tickets + 1))
        return number, row.key, ticket, row

    best = heapq.nsmallest(count, map(first, rows))
    return [
        Drawn(rank, key, row.tickets, ticket, number.hex(), row.signals)
        for rank, (number, key, ticket, row) in enumerate(best, 1)
    ]


def _ended(start: hashlib._Hash, ticket: int) -> bytes:
    whole = start.copy()
    whole.update(b"%d\n" % ticket)
    return whole.digest()


def _lines(texts: Iterable[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def _checked_seed(text: str) -> str:
    """The seed as one line in one spelling (Unicode NFC), so that what reads alike draws alike."""
    seed = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(seed) <= LONGEST_SEED or not seed.isprintable():
        raise InvalidInput(
            "this is no seed",
            where="seed",
            rule=f"a seed is a line of 1 to {LONGEST_SEED} printable characters",
            remedy="Take a text that nobody could choose, as the numbers of a public lottery.",
        )
    return seed


def _position(head: Head, asked: int | None) -> int:
    if asked is None:
        return head.position
    if not 0 <= asked <= head.position:
        raise InvalidInput(
            f"the ledger has no position {asked}",
            where="position",
            remedy=f"It stands at {head.position:,}.",
        )
    return asked


def day_of(micros: int | None) -> str | None:
    """A day in UTC, ISO 8601."""
    moment = None if micros is None else datetime_of(micros)
    return None if moment is None else moment.date().isoformat()


def acting(profiles: Profiles, system: str, day: str | None) -> Profile:
    """The profile as it acts on the day on which the last entry was accepted; of no entries, the last."""
    versions = versions_of(system, profiles)
    acting = versions[-1] if day is None else profiles.on(system, day)
    if acting is None:
        raise InvalidInput(
            f"{system} does not act yet at that position",
            where="position",
            remedy=f"It acts from {versions[0].valid_from} on.",
        )
    return acting


def _urn(snapshot: Snapshot, asked: DrawAsked, position: int, day: str | None, weights: Inspection) -> Urn:
    """Licensed is who is so on the last day of the window, else on that of the position."""
    last = _last_day(asked.window, day)
    register = register_of(snapshot, asked.system, asked.window, position, day)
    licensed = tuple(licence for licence in register.licences if last == _LAST_DAY or licence.holds(last, last))
    return Urn(asked.system, asked.kind, weights, register, licensed)


def register_of(snapshot: Snapshot, system: str, window: Window, position: int, day: str | None) -> Register:
    """The register of a window, as known at a position, whose last entry was accepted on a day."""
    last = _last_day(window, day)
    return read_register(snapshot.masters, system, day_of(window.since) or "", last, at=position)


def _last_day(window: Window, day: str | None) -> str:
    return day_of(window.until) or day or _LAST_DAY


def _candidates(snapshot: Snapshot, profiles: Profiles, asked: DrawAsked, position: int, urn: Urn) -> Candidates:
    since = LONG_AGO if asked.window.since is None else asked.window.since
    until = FAR_OFF if asked.window.until is None else asked.window.until + 1
    entries = _bounded(snapshot.events.in_order(EventSpan(position, since, until)))
    return find_candidates(entries, urn, profiles, OfLots(snapshot.lookup, position))


def _bounded(entries: Iterable[LedgerEntry]) -> Iterator[LedgerEntry]:
    for number, entry in enumerate(entries):
        if number == MOST_EVENTS:
            raise LimitExceeded(
                f"there are more than {MOST_EVENTS:,} events to draw from", where="since", remedy="Name a shorter time."
            )
        yield entry
