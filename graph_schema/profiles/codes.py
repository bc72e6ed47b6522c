"""Codes as people type and scan them. In: text, code schemes of a profile. Out: what each reads in it, and a key.

A code is parsed by the pattern of its scheme and checked where the check is known; where it is not, it is never
refused. A code that GS1 names has GS1's key, so that it is one item with every other spelling; any other has a key
under its scheme, `urn:suyuan:code:<profile>.<scheme>:<code>`. One item may have many codes, of many schemes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from urllib.parse import quote, unquote

import msgspec

from graph_schema.errors import InvalidIdentifier
from graph_schema.identifiers import take_identifier
from graph_schema.profiles.checking import CHECKS
from graph_schema.profiles.common import Common
from graph_schema.profiles.profile import CodeUse, Profile
from graph_schema.profiles.status import Status

KEYS = "urn:suyuan:code:"
"""How the keys of codes begin that are not GS1's; the name of the scheme follows."""
LONGEST = 1_000
"""Characters of a code; what is longer is none."""
_GTIN = "01"
_NO_CODES = (("A1B2C3D4E5", "1A2B3C4D5E6F"), ("12345678901", "1234567890123456"))
"""Letters and digits in no order, and digits, each of two lengths: a pattern that takes both asks for no form."""
_UNRESERVED = "-._~!$&'()*+,;=@"
"""Signs that stand for themselves in an URN (RFC 8141 §2), beside letters and digits."""


class Checked(StrEnum):
    """What the check of a code says."""

    HOLDS = "holds"
    FAILS = "fails"
    NONE = "none"
    """The scheme has no check."""
    UNKNOWN = "unknown"
    """There may be one, but its algorithm was not found: never a reason to refuse."""


class Scheme(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A code scheme as a profile has it."""

    name: str
    space: str
    """`profile.scheme`, or the name alone of one that all profiles share."""
    label_zh: str
    label_en: str
    of: tuple[str, ...]
    regex: str
    check: str
    check_group: str | None
    gs1: str | None
    never_refuse: bool
    example: str
    status: Status
    source: str | None
    run: str | None = None
    """The named part that counts on in a run of codes (`graph_schema.profiles.runs`); None: it has no runs."""

    def key_of(self, text: str) -> str:
        """The key of a code of this scheme that GS1 does not name, or of a run of them."""
        return f"{KEYS}{self.space}:{quote(text, safe=_UNRESERVED)}"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Digits and letters are those of ASCII."""
        return re.compile(self.regex, re.ASCII)

    @cached_property
    def is_vague(self) -> bool:
        """Whether nearly any text has its form, so that to have it tells nothing."""
        return self.check not in CHECKS and any(all(map(self.pattern.fullmatch, texts)) for texts in _NO_CODES)


class Code(msgspec.Struct, frozen=True):
    """A text as one scheme reads it."""

    scheme: Scheme
    text: str
    parts: Mapping[str, str]
    """The named parts of the pattern."""
    checked: Checked

    @property
    def is_misread(self) -> bool:
        """Whether its check fails, and tells by that that it is no such code."""
        return self.checked is Checked.FAILS and not self.scheme.never_refuse

    @property
    def key(self) -> str:
        """The key of what the code names."""
        if self.scheme.gs1 is None:
            return self.scheme.key_of(self.text)
        return take_identifier(_as_gs1(self.scheme.gs1, self.text))[0].key


def code_in(key: str) -> tuple[str, str] | None:
    """The space of the scheme and the text of a code that a key is of; None of any other key."""
    if not key.startswith(KEYS):
        return None
    space, _, text = key.removeprefix(KEYS).partition(":")
    return space, unquote(text)


def _as_gs1(told: str, text: str) -> str:
    if not told.isdigit():
        return text
    return f"({told}){text.zfill(14) if told == _GTIN else text}"


def schemes_of(profile: Profile, common: Common) -> tuple[Scheme, ...]:
    """The code schemes of a profile, its own and those it refers to, in its order."""
    return tuple(
        _own(profile.profile, use) if use.ref is None else shared_scheme(use.ref, common, use.of)
        for use in profile.identifiers
    )


def shared_scheme(name: str, common: Common, of: tuple[str, ...] = ()) -> Scheme:
    """A code scheme that all profiles share, as one of them uses it."""
    shared = common.identifiers[name]
    return Scheme(
        name=name, space=name, label_zh=shared.zh, label_en=shared.en, of=of, regex=shared.regex, check=shared.check,
        check_group=shared.check_group, gs1=shared.gs1, never_refuse=shared.never_refuse, example=shared.example,
        status=shared.status, source=shared.source,
    )  # fmt: skip


def _own(profile: str, use: CodeUse) -> Scheme:
    name = use.name or ""
    return Scheme(
        name=name, space=f"{profile}.{name}", label_zh=use.label_zh or "", label_en=use.label_en or "", of=use.of,
        regex=use.regex or "", check=use.check or "", check_group=use.check_group, gs1=use.gs1, never_refuse=False,
        example=use.example or "", status=use.status or Status.MEMORY, source=use.source, run=use.run,
    )  # fmt: skip


def read_code(text: str, scheme: Scheme) -> Code | None:
    """The text as a scheme reads it, its check told; None where it has not the form."""
    if len(text) > LONGEST:
        return None
    found = scheme.pattern.fullmatch(text)
    if found is None:
        return None
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    return Code(scheme, text, parts, _check(scheme, text, parts))


def _check(scheme: Scheme, text: str, parts: Mapping[str, str]) -> Checked:
    check = CHECKS.get(scheme.check)
    if check is None:
        return Checked.NONE if scheme.check == Checked.NONE else Checked.UNKNOWN
    checked = text if scheme.check_group is None else parts[scheme.check_group]
    return Checked.HOLDS if check(checked, parts) else Checked.FAILS


def subject_key(text: str, uscc: Scheme) -> str:
    """The key of who records or holds a licence: a unified social credit code, or a party in any spelling."""
    code = read_code(text, uscc)
    return take_identifier(text)[0].key if code is None else code.key


def read_codes(text: str, schemes: Iterable[Scheme]) -> tuple[Code, ...]:
    """The text as each scheme reads it that it has the form of; a text may be a code of several."""
    read = (read_code(text, scheme) for scheme in schemes)
    return tuple(code for code in read if code is not None)


def code_of_key(key: str, scheme: Scheme) -> str | None:
    """The text of a key under a scheme that GS1 does not name; None for any other key."""
    match code_in(key):
        case (scheme.space, text):
            return text
    return None


def parse_code(text: str, scheme: Scheme) -> Code:
    """The text as a scheme reads it; raises `InvalidIdentifier` for a wrong form, or a known check that fails."""
    code = read_code(text.strip(), scheme)
    if code is None:
        raise InvalidIdentifier(
            f"{text[:80]!r} has not the form of {scheme.label_en}",
            rule=f"{scheme.space}: {scheme.regex}",
            remedy=f"Write it as in {scheme.example}.",
        )
    if code.is_misread:
        raise InvalidIdentifier(
            f"the check of {scheme.label_en} {text[:80]!r} fails",
            rule=f"{scheme.space}: {scheme.check}",
            remedy="Read the code again.",
        )
    return code
