"""References and names within a profile. In: words, where they stand. Out: a `Fault` for each that is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from graph_schema.profiles.marked import Fault, Path

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def unknown_word(path: Path, word: str, what: str) -> Fault:
    """That a word leads nowhere."""
    return Fault(path, f"`{word}` is no {what}", "a reference leads to what is there")


def references(path: Path, words: Iterable[str], known: Iterable[str], what: str) -> Iterator[Fault]:
    """Those of some words that lead to nothing known."""
    known = frozenset(known)
    for number, word in enumerate(words):
        if word not in known:
            yield unknown_word((*path, number), word, what)


def names_once(path: Path, names: Iterable[str]) -> Iterator[Fault]:
    """Names that stand twice, or are none."""
    seen: Counter[str] = Counter()
    for number, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            yield Fault((*path, number), f"`{name}` is there already", "a name stands once")
        if not _NAME.fullmatch(name):
            yield Fault((*path, number), f"`{name}` is no name", "a name is of a-z, 0-9 and _")
