"""What a document says besides its events. In: its members as text. Out: context, master data, findings.

EPCIS 2.0 §9.5 (the document) and §10 (its JSON).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph_schema.errors import InvalidDocument, InvalidEvent
from loaders.epcis_document import Members
from loaders.findings import REFUSAL, Findings, pointer
from loaders.json_text import Value, decode_exact
from loaders.jsonld_context import NO_CONTEXT, JsonContext, read_context
from loaders.limits import LIMITS_RULE
from loaders.master_data import check_header, check_vocabularies, read_master_data, vocabularies_of_header
from loaders.moment import parse_moment
from loaders.outcome import Finding, Master, Place

_RULE = "EPCIS 2.0 §10"
_VERSION = re.compile(r"2(\.\d+)*")
_NAMES = frozenset(
    {
        "@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender", "receiver",
        "epcisHeader", "epcisBody", "eventList", "queryResults", "resultsBody", "queryName", "subscriptionID",
        "vocabularyList",
    }
)  # fmt: skip
_HEADERS = ("epcisHeader", "vocabularyList")
_COMMENT = re.compile(rb"^\s*//.*$", re.MULTILINE)
"""A comment on a line of its own. JSON has none, nor has it a string that goes over a line's end, so none is cut."""


class Head:
    """The context of a document, and what refuses all of its events."""

    __slots__ = ("_told", "context", "refusals")

    def __init__(self, context: JsonContext, refusals: tuple[Finding, ...]) -> None:
        self.context = context
        self.refusals = refusals
        self._told: set[str] = set()

    def master_data(self, members: Members, place: Place) -> Iterator[Master]:
        """The master data among the members that was not told before."""
        for name in _HEADERS:
            value = member(members, name) if name not in self._told else None
            if value is not None:
                self._told.add(name)
                vocabularies = vocabularies_of_header(value) if name == "epcisHeader" else value
                yield from read_master_data(vocabularies, self.context, place)


def read_head(members: Members) -> Head:
    """The head of a document whose members are known, those behind its events as well where they matter."""
    text = members.texts.get("@context")
    value = member(members, "@context")
    if text is None or text.raw is None or value is None:
        return Head(NO_CONTEXT, (_NO_CONTEXT_FINDING,))
    return Head(read_context(value, text.raw), ())


_NO_CONTEXT_FINDING = Finding(
    REFUSAL,
    _RULE,
    "/@context",
    "the document has no @context, so its words have no meaning",
    'Add "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"].',
)


def member(members: Members, name: str) -> Value:
    """A member decoded; None where it is absent, too large or no JSON."""
    text = members.texts.get(name)
    if text is None or text.raw is None:
        return None
    try:
        return decode_exact(_COMMENT.sub(b"", text.raw))
    except InvalidDocument:
        return None


def check_head(members: Members, findings: Findings) -> None:
    """Add what is wrong with the document itself; a refusal where its events are nowhere to be found."""
    if not members.listed:
        findings.refuse("/epcisBody/eventList", "the document has no eventList", _RULE, "Add eventList.")
    _check_context(members, findings)
    kind = member(members, "type")
    if kind not in ("EPCISDocument", "EPCISQueryDocument"):
        findings.warn("/type", f"{kind!r} is no type of a document", _RULE, "Write EPCISDocument.")
    if kind != "EPCISQueryDocument":
        _check_version(members, findings)
        _check_creation(members, findings)
    for name, text in members.texts.items():
        if text.raw is None:
            findings.warn(pointer(name), f"{text.end - text.start} bytes, more than allowed; left out", LIMITS_RULE)
        elif name not in _NAMES and ":" not in name:
            findings.warn(pointer(name), "no member of a document, and no prefix", _RULE, "Left out.")
        elif name in _HEADERS:
            _check_header(name, member(members, name), findings)


def _check_header(name: str, value: Value, findings: Findings) -> None:
    if value is None:
        findings.warn(pointer(name), "no JSON; its master data are left out", _RULE, "Correct it and load again.")
    elif name == "epcisHeader":
        check_header(value, findings)
    else:
        check_vocabularies(value, (name,), findings)


def _check_context(members: Members, findings: Findings) -> None:
    value = member(members, "@context")
    for part in value if isinstance(value, list) else [value]:
        if value is not None and not isinstance(part, str | dict):
            findings.warn("/@context", "neither an address nor an object with prefixes", _RULE, "Passed over.")


def _check_version(members: Members, findings: Findings) -> None:
    version = member(members, "schemaVersion")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        said = "missing" if "schemaVersion" not in members.texts else f"{version!r}, not 2.0"
        findings.warn("/schemaVersion", f"schemaVersion is {said}", _RULE, "Write 2.0; it was read as 2.0.")


def _check_creation(members: Members, findings: Findings) -> None:
    created = member(members, "creationDate")
    try:
        parse_moment(created if isinstance(created, str) else "", None)
    except InvalidEvent:
        said = "missing" if "creationDate" not in members.texts else "no date and time"
        findings.warn("/creationDate", f"creationDate is {said}", _RULE, "Its events do not need it.")
