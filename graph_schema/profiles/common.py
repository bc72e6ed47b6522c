"""What all profiles share: departments, code schemes, key data elements, measures, views. In: `common.yaml`."""

from __future__ import annotations

import msgspec

from graph_schema.profiles.market import Access
from graph_schema.profiles.profile import Inspection, OpenData
from graph_schema.profiles.status import Status


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper whose systems the profiles are."""

    doc: str
    issuer: str
    date: str
    printed: str


class Department(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A department of the paper."""

    zh: str
    en: str
    successor: str | None = None
    """Who has its work since the reform of 2018 (memory)."""
    note: str | None = None


class Algorithm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A check algorithm, in words; `graph_schema.profiles.checking` computes those that are known."""

    rule: str
    of: str | None = None
    status: Status | None = None
    source: str | None = None
    note: str | None = None


class SharedScheme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code scheme that profiles refer to."""

    zh: str
    en: str
    regex: str
    check: str
    check_group: str | None = None
    gs1: str | None = None
    never_refuse: bool = False
    """Whether a code that fails its check is marked only."""
    example: str
    status: Status
    source: str | None = None
    note: str | None = None
    parts: dict[str, int] = {}


class Element(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key data element."""

    zh: str
    en: str
    path: str
    """Where EPCIS 2.0 has it, in words."""
    type: str
    at: tuple[str, ...]
    """Where it is looked for (`graph_schema.profiles.elements`)."""


class Measure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measure of completeness."""

    zh: str
    en: str
    of: str
    """Numerator / denominator, in words."""
    at_most: bool = False
    """Whether a target is the most that may be, not the least."""


class PublicField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the public is told that is no key data element."""

    zh: str
    en: str
    of: str
    """What it is, in words."""
    find: tuple[str, ...]
    """Where it is looked for (`graph_schema.profiles.public`), the first that tells; none: nothing tells it yet."""


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sees what."""

    scope: str
    rule: str
    departments: tuple[str, ...] = ()
    """Whose it is, whoever has it beside them: `rule`, as data."""


class Standard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A standard on tracing."""

    id: str
    zh: str
    status: Status
    note: str | None = None


class Common(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole of `common.yaml`."""

    version: int
    paper: Document
    departments: dict[str, Department]
    check_algorithms: dict[str, Algorithm]
    identifiers: dict[str, SharedScheme]
    match_keys: tuple[str, ...]
    nouns: tuple[str, ...]
    kde_core: tuple[str, ...]
    kde: dict[str, Element]
    public_fields: dict[str, PublicField]
    views: dict[str, View]
    restricted_fields: tuple[str, ...]
    open_data: OpenData
    completeness: dict[str, dict[str, Measure]]
    targets_default: dict[str, float]
    inspection_default: Inspection
    access: Access
    standards: tuple[Standard, ...]

    def departments_called(self, name: str) -> frozenset[str]:
        """The ids of the departments of a name, or of this id."""
        known = self.departments.items()
        return frozenset(key for key, one in known if name.casefold() in (key, one.zh, one.en.casefold()))

    def coordinators(self) -> frozenset[str]:
        """The departments that coordinate, by their ids."""
        view = self.views.get("coordinator")
        return frozenset(() if view is None else view.departments)

    def measures(self) -> dict[str, Measure]:
        """Every measure by name."""
        return {name: measure for some in self.completeness.values() for name, measure in some.items()}
