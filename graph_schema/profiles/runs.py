"""Runs of codes: a lot named by its first code and the last number, `4170901A00001-00100`. In: a code. Out: its runs.

A scheme whose `run` names the part that counts on has them. It is our way to write them: no standard has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from graph_schema.profiles.codes import Code, Scheme, code_of_key, read_code, read_codes

_TO = "-"


class Run(msgspec.Struct, frozen=True):
    """Codes of one scheme, from the first to the last number."""

    first: Code
    last: str

    def holds(self, code: Code) -> bool:
        """Whether a code is one of them."""
        part = code.scheme.run
        if part is None or code.scheme.space != self.first.scheme.space:
            return False
        begins = before_number(code) == before_number(self.first)
        return begins and self.first.parts[part] <= code.parts[part] <= self.last


def before_number(code: Code) -> str:
    """A code up to the part that counts on; the whole where its scheme has no runs."""
    part = code.scheme.run
    return code.text if part is None else code.text.removesuffix(code.parts[part])


def read_run(text: str, scheme: Scheme) -> Run | None:
    """A text as a run of a scheme; None where it is none."""
    begin, sign, last = text.rpartition(_TO)
    first = read_code(begin, scheme) if sign and scheme.run is not None else None
    if first is None or scheme.run is None:
        return None
    number = first.parts[scheme.run]
    counts = last.isdecimal() and last.isascii() and len(last) == len(number) and number <= last
    return Run(first, last) if counts else None


def runs_with(code: Code, keys: Iterable[str]) -> Iterator[str]:
    """Those of some keys that are runs which hold a code."""
    for key in keys:
        text = code_of_key(key, code.scheme)
        run = None if text is None else read_run(text, code.scheme)
        if run is not None and run.holds(code):
            yield key


def read_keys(text: str, schemes: Iterable[Scheme]) -> tuple[str, ...]:
    """The keys of a text as each scheme reads it that it is a code or a run of codes of."""
    schemes = tuple(schemes)
    codes = (code.key for code in read_codes(text, schemes))
    runs = (scheme.key_of(text) for scheme in schemes if read_run(text, scheme) is not None)
    return tuple(dict.fromkeys((*codes, *runs)))
