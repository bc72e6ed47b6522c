"""The standard vocabularies. In: any spelling of a word. Out: the bare word of CBV 2.0 §7, or the sender's.

The words are data, in `cbv.yaml`. A word is spelt bare (`shipping`), as a URN
(`urn:epcglobal:cbv:bizstep:shipping`), as a Web URI (`https://ref.gs1.org/cbv/BizStep-shipping`, also under
`ns.gs1.org`) or as a CURIE (`cbv:BizStep-shipping`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType

import msgspec
import yaml

from graph_schema.errors import InvalidEvent


class Kind(StrEnum):
    """Which vocabulary a word belongs to; a plain string of the same spelling does as well."""

    BIZ_STEP = "bizStep"
    DISPOSITION = "disposition"
    BIZ_TRANSACTION_TYPE = "bizTransactionType"
    SOURCE_DEST_TYPE = "sourceDestType"
    ERROR_REASON = "errorReason"
    COMPONENT = "component"
    SENSOR_ALERT_TYPE = "sensorAlertType"
    MEASUREMENT_TYPE = "measurementType"


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One standard vocabulary: its words and what stands before a word in each spelling."""

    section: str
    """Where the standard defines it."""
    field: str
    """The EPCIS field the word is written in, for error messages."""
    web: tuple[str, str]
    """The CURIE prefix, and what stands between it and the word."""
    words: tuple[str, ...]
    urn: str | None = None

    def web_uri(self, word: str) -> str:
        """The Web URI of a word of this vocabulary."""
        prefix, stem = self.web
        return NAMESPACES[prefix] + stem + word

    def spellings(self, word: str) -> Iterator[str]:
        """Every spelling of a word but the bare one."""
        prefix, stem = self.web
        yield f"{prefix}:{stem}{word}"
        for namespace in (NAMESPACES[prefix], *_OTHER_NAMESPACES.get(prefix, ())):
            yield f"https://{namespace.partition('://')[2]}{stem}{word}"
            yield f"http://{namespace.partition('://')[2]}{stem}{word}"
        if self.urn:
            yield self.urn + word
            yield _URN_WITHOUT_KIND + word


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `cbv.yaml`."""

    namespaces: dict[str, str]
    vocabularies: dict[Kind, Vocabulary]


# Drafts of the standard used ns.gs1.org, and the JSON Schema still knows it as GS1's own;
# www.gs1.org answers for gs1.org.
_OTHER_NAMESPACES = {"cbv": ("https://ns.gs1.org/cbv/",), "gs1": ("https://www.gs1.org/voc/",)}

# Not a spelling of the standard, but what some senders write: the URN without the name of the vocabulary.
_URN_WITHOUT_KIND = "urn:epcglobal:cbv:"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")

_TABLE = msgspec.convert(yaml.safe_load(files("graph_schema").joinpath("cbv.yaml").read_text(encoding="utf-8")), _Table)

NAMESPACES: Mapping[str, str] = MappingProxyType(_TABLE.namespaces)
"""Prefix → namespace of the standard's own CURIEs."""

VOCABULARIES: Mapping[Kind, Vocabulary] = MappingProxyType(_TABLE.vocabularies)
"""Every standard vocabulary by its kind."""

_BARE = {kind: frozenset(vocabulary.words) for kind, vocabulary in VOCABULARIES.items()}

# Keys are in lower case: scheme and host are equal in any case, and who errs in the rest means the word too.
_SPELT = {
    kind: {spelling.lower(): word for word in vocabulary.words for spelling in vocabulary.spellings(word)}
    for kind, vocabulary in VOCABULARIES.items()
}


def words_of(kind: Kind | str) -> frozenset[str]:
    """Every bare word of a vocabulary."""
    return _BARE[Kind(kind)]


def cbv_word(kind: Kind | str, text: str) -> str:
    """The bare word for any spelling of it; any other URI as it is.

    A bare word outside the CBV raises InvalidEvent, which names the field and the nearest words.
    """
    kind = Kind(kind)
    if text in _BARE[kind]:
        return text
    word = _SPELT[kind].get(text.lower())
    if word is not None:
        return word
    if _SCHEME.match(text):
        return text
    raise _unknown_word(VOCABULARIES[kind], text)


def _unknown_word(vocabulary: Vocabulary, text: str) -> InvalidEvent:
    """The error for a bare word outside the CBV: the field, the rule, and the nearest words."""
    by_lower = {word.lower(): word for word in vocabulary.words}
    near = [by_lower[match] for match in get_close_matches(text.lower(), by_lower, n=3, cutoff=0.6)]
    return InvalidEvent(
        f"{text!r} is no word of the standard vocabulary" if text else "the word is empty",
        where=vocabulary.field,
        rule=vocabulary.section,
        remedy=f"Did you mean {' or '.join(near)}?" if near else "Use a standard word, or a URI of your own.",
    )
