"""Every fact of a product system, in words. In: a `Profile`. Out: `Section`s, for the command line and the page.

What a profile tells is read off its structs, field by field, so that none is left out; what it leaves open is not
shown.
What is shown as a table elsewhere (stages, measures, random inspection, what is not verified) is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from api.recall_law import rule_lines
from graph_schema.profiles import Profile, Profiles, recall_laws
from graph_schema.profiles.market import Market
from graph_schema.profiles.profile import CodeUse, Link, TrackingEvent

Fact = tuple[str, str]
"""What it is of, and what it is."""

_HEADS = {
    "level": "told apart by",
    "vector": "goods merely touch it",
    "from_profile": "comes from",
    "disposition_fail": "disposition if failed",
    "takes": "goes in",
    "makes": "comes out",
    "contact": "contact from, to",
    "contact_profile": "contact declared by",
    "contact_at": "contact is told at",
    "contact_back": "contact goes back too",
    "cleans": "cleans",
    "kde": "required",
    "kde_opt": "where there is one",
    "report_within_h": "report within hours",
    "report_rule": "rule on reporting",
    "report_in_force": "in force since",
    "match": "matched by",
    "max_gap_h": "within hours",
    "tol_pct": "tolerance in %",
    "or_to": "or to",
    "also_to": "also to",
    "in_force_until": "in force until",
    "regex": "pattern",
    "check_group": "check is over the part",
    "gs1": "in GS1",
    "source_rule": "rule that was read",
    "alt_ref": "or instead a code",
    "run": "counts on in runs",
    "brand_specific": "of one brand",
    "never_refuse": "never refused for its check",
    "quote_zh": "paper",
    "proposed_lead": "lead (proposed)",
    "national_now": "nationally now",
    "since": "from",
    "min": "least",
    "any_of": "met by any of",
    "element": "day told by",
    "over": "asked of",
    "to_site": "told by the site alone",
    "as_lead": "see as the lead does",
    "open_data": "open data",
}
"""What a field is called, where its name does not say it."""
_NAMES = frozenset({"id", "role", "name", "ref", "zh", "en", "label_zh", "label_en"})
_ELEMENTS = frozenset({"kde", "kde_opt", "public", "restricted", "to_site", "element"})
_DEPARTMENTS = frozenset({"lead", "support", "proposed_lead", "as_lead"})


class Entry(NamedTuple):
    """A part of a profile."""

    id: str
    """Empty where the section is of one thing."""
    zh: str
    en: str
    facts: list[Fact]


class Section(NamedTuple):
    """Parts of one kind."""

    heading: str
    entries: list[Entry]


def sections_of(profile: Profile, profiles: Profiles) -> list[Section]:
    """Every fact of a profile; `profiles` has what it refers to."""
    told = _Telling(profiles)
    core = [("every event", told.elements(profiles.common.kde_core))]
    return [
        Section("The paper and the departments", [
            Entry("", "", "", [*told.facts(profile.paper), *told.facts(profile.regulator), *told.version(profile)])
        ]),
        Section("Goods", [told.entry(each) for each in profile.items]),
        Section("Subjects", [told.entry(each) for each in profile.subjects]),
        Section("Codes", [told.code(each) for each in profile.identifiers]),
        Section("What must be recorded", [
            Entry("", "", "", core), *(told.event(each) for each in profile.events)
        ]),
        Section("Links", [told.link(each) for each in profile.links]),
        Section("Reporting", [
            Entry("", "", "", told.facts(profile.completeness, ("targets", "extra")))
        ]),
        Section("Markets", [entry for each in profile.markets for entry in told.market(each)]),
        Section("Who sees what (proposed)", [Entry("", "", "", told.facts(profile.visibility))]),
        Section("Retention", [Entry("", "", each.what, told.facts(each, ("what",))) for each in profile.retention]),
        Section("Recall", [Entry("", "", "", rule_lines(law)) for law in recall_laws(profile)]),
        Section("Standards and hazards", [
            Entry("", "", "", [
                *(("standard", one) for one in profile.standards), *(("hazard", one) for one in profile.hazards)
            ])
        ]),
    ]  # fmt: skip


class _Telling:
    """Puts the parts of a profile in words."""

    def __init__(self, profiles: Profiles) -> None:
        self._common = profiles.common

    def entry(self, part: Any, but: Collection[str] = ()) -> Entry:
        """A part that has a name."""
        name = part.role if hasattr(part, "role") else part.id
        return Entry(name, part.label_zh, part.label_en, self.facts(part, but))

    def event(self, event: TrackingEvent) -> Entry:
        """A tracking event, what EPCIS calls it in one line."""
        words = " ".join(filter(None, (event.type, event.action)))
        called = ", ".join(filter(None, (words, event.biz_step, event.disposition)))
        told = self.entry(event, ("type", "action", "biz_step", "disposition"))
        return told._replace(facts=[("recorded as", called), *told.facts])

    def version(self, profile: Profile) -> list[Fact]:
        """Which version of the profile it is."""
        since = [] if profile.valid_from is None else [("acts from", profile.valid_from)]
        return [("version", str(profile.version)), *since]

    def code(self, use: CodeUse) -> Entry:
        """A code scheme, with what all profiles share of it."""
        if use.ref is None:
            return Entry(use.name or "", use.label_zh or "", use.label_en or "", self.facts(use))
        shared = self._common.identifiers[use.ref]
        return Entry(use.ref, shared.zh, shared.en, [*self.facts(use), *self.facts(shared)])

    def link(self, link: Link) -> Entry:
        """Two events that belong together."""
        return Entry(f"{link.source} → {link.target}", "", "", self.facts(link, ("source", "target")))

    def market(self, market: Market) -> Iterator[Entry]:
        """A market, then each of its demands."""
        yield self.entry(market, ("demands",))
        for demand in market.demands:
            told = self.entry(demand)
            yield told._replace(id=f"{market.id}: {told.id}")

    def facts(self, part: msgspec.Struct, but: Collection[str] = ()) -> list[Fact]:
        """Its fields but its names and some others; those that say nothing are left out."""
        told = ((name, getattr(part, name)) for name in part.__struct_fields__ if name not in (*_NAMES, *but))
        return [
            (_HEADS.get(name, name.replace("_", " ")), self._words(name, value))
            for name, value in told
            if value not in (None, "", (), {}) and value is not False
        ]

    def elements(self, names: Iterable[str]) -> str:
        """Key data elements and public fields with their Chinese names."""
        known: dict[str, Any] = {**self._common.public_fields, **self._common.kde}
        return ", ".join(f"{name} {known[name].zh}" for name in names)

    def _departments(self, names: Iterable[str]) -> str:
        known = self._common.departments
        return ", ".join(f"{known[name].zh} ({known[name].en})" for name in names)

    def _words(self, field: str, value: Any) -> str:
        several: Callable[[Iterable[str]], str] | None = None
        if field in _ELEMENTS:
            several = self.elements
        elif field in _DEPARTMENTS:
            several = self._departments
        if several is not None:
            return several((value,) if isinstance(value, str) else value)
        if isinstance(value, msgspec.Struct):
            return ", ".join(f"{head} {text}" for head, text in self.facts(value))
        if isinstance(value, dict):
            return "; ".join(f"{name}: {one}" for name, one in value.items())
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        return "yes" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
