"""A product system as data: the shape of `systems/*.yaml` (ADR 0023). In: decoded YAML. Out: a frozen `Profile`.

Which goods, by whom, under which codes, through which stages and recorded events, and what the law or the paper
asks of them. Every fact that may be unsure carries a `Status`: what is unverified is never shown as law.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from graph_schema.event import Action, EventType
from graph_schema.profiles.market import Market
from graph_schema.profiles.status import Status


class Level(StrEnum):
    """How finely goods are told apart."""

    LOT = "lot"
    INSTANCE = "instance"
    CLASS = "class"


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the public paper says: the exact characters of its text."""

    section: str
    quote_zh: str
    also: str | None = None
    focus: tuple[str, ...] = ()
    pilot: tuple[str, ...] = ()
    note: str | None = None


class Regulator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Departments of the paper, by their ids in `common.yaml`."""

    lead: tuple[str, ...] | None
    """None where the paper names none."""
    support: tuple[str, ...]
    proposed_lead: str | None = None
    national_now: str | None = None
    note: str | None = None


class ItemKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of goods, or of things that goods touch."""

    id: str
    label_zh: str
    label_en: str
    level: Level
    vector: bool = False
    """Whether it carries a hazard by contact, without being a part of the goods (design rule 13)."""
    from_profile: str | None = None
    """Names of the profiles its goods come from, parted by |."""


class Subject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role that records events."""

    role: str
    label_zh: str
    label_en: str
    licence: str | None = None
    code: str | None = None


class CodeUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code scheme: one of `common.yaml` by `ref`, or one of the profile's own by `name` and the rest."""

    of: tuple[str, ...]
    ref: str | None = None
    name: str | None = None
    label_zh: str | None = None
    label_en: str | None = None
    regex: str | None = None
    check: str | None = None
    check_group: str | None = None
    """The named group that the check is over; the whole code without one."""
    gs1: str | None = None
    """How GS1 names it: an application identifier before it, `uri`, or `element_string`; not a GS1 key without one."""
    example: str | None = None
    status: Status | None = None
    source: str | None = None
    source_rule: str | None = None
    alt_ref: str | None = None
    """A scheme of `common.yaml` that may stand in its place."""
    run: str | None = None
    """The named group that counts on in a run of codes, at the end of the code; proposed, no standard has runs."""
    brand_specific: bool = False
    forms: dict[str, str] = {}
    note: str | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of the chain."""

    id: str
    label_zh: str
    label_en: str
    next: tuple[str, ...]
    subjects: tuple[str, ...]
    origin: bool = False
    """Whether a chain may begin here."""
    terminal: bool = False
    """Whether a chain may end here."""


class TrackingEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that the system asks to be recorded, in the words of EPCIS and CBV."""

    id: str
    stage: str
    label_zh: str
    label_en: str
    type: EventType
    action: Action | None = None
    biz_step: str
    disposition: str | None = None
    """None where CBV has no word for it (consumption)."""
    disposition_fail: str | None = None
    """The disposition of the same step with a failed result."""
    by: tuple[str, ...]
    of: tuple[str, ...] = ()
    takes: tuple[str, ...] = msgspec.field(default=(), name="in")
    makes: tuple[str, ...] = msgspec.field(default=(), name="out")
    contact: tuple[str, str] | None = None
    """From which kind of item to which a hazard goes by contact (design rule 13)."""
    contact_profile: str | None = None
    """`profile.event` whose contact it is, where that is of another profile."""
    contact_at: tuple[str, str] | None = None
    """Where the event names the two: a role of EPCIS (`named`, `parent`, `output`…), or `extension NAME`."""
    contact_back: bool = False
    """Whether the hazard goes the other way as well, and so from one load of a vector to the next."""
    cleans: tuple[str, ...] = ()
    """Kinds of vector that it cleans, where it did not fail: what touched one before, touches nothing after it."""
    kde: tuple[str, ...]
    """Key data elements required beside those of every event."""
    kde_opt: tuple[str, ...] = ()
    """Recorded where it exists, never missing."""
    report_within_h: int | None = None
    """Where stricter than the profile."""
    note: str | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two events that belong together; `match` is by what."""

    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    match: str
    max_gap_h: int
    tol_pct: float
    or_to: str | None = None
    """Another event that closes the link instead."""
    also_to: str | None = None
    """Another event that takes a part of the quantity."""
    in_force_until: str | None = None
    note: str | None = None


class Completeness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is measured; the measures themselves are in `common.yaml`."""

    register: str
    """Who should report: the denominator."""
    report_within_h: int | None
    targets: dict[str, float]
    extra: dict[str, str] = {}
    """Measures of this system alone."""
    report_rule: str | None = None
    report_in_force: str | None = None


class OpenData(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is open to all (paper 六(二)2): nothing of fewer licence holders than this."""

    status: Status
    smallest_group: int


class Visibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sees what; all of it proposed."""

    public: tuple[str, ...]
    enterprise: str
    regulator: str
    restricted: tuple[str, ...]
    to_site: tuple[str, ...] = ()
    """Elements that are locations, and of which who is not shown what is restricted is shown the site alone."""
    as_lead: tuple[str, ...] = ()
    """Departments that are shown what is restricted as the lead is: `regulator`, as data."""
    open_data: OpenData | None = None
    """Without it, that of `common.yaml` holds."""


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long records are kept at least."""

    what: str
    min: str
    """An ISO 8601 duration, `permanent`, or `life of equipment`."""
    since: str = msgspec.field(name="from")
    basis: str
    status: Status
    source: str | None = None


class RecallClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of recall and its limits of time."""

    name: int | str = msgspec.field(name="class")
    when: str | None = None
    start_h: int | None = None
    notify_h: int | None = None
    notify_days: int | None = None
    progress_days: int | None = None
    finish_working_days: int | None = None
    publish_working_days: int | None = None
    notify_working_days: int | None = None


class RecallRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule on recalls of before."""

    in_force: str
    basis: str
    status: Status
    source: str
    classes: tuple[RecallClass, ...]


class Recall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rule on recalls."""

    basis: str
    owner: str
    status: Status
    figures: Status
    """How sure the limits of time are."""
    classes: tuple[RecallClass, ...]
    source: str = ""
    in_force: str | None = None
    dispose: str | None = None
    before: RecallRule | None = None
    note: str | None = None


class Signal(StrEnum):
    """What of the records makes an inspection more urgent."""

    FAILED = "failed"
    """A tracking event, or an inspection, with a failed result."""
    UNATTESTED = "unattested"
    """An event of a site by somebody not bound to it (design rule 14)."""
    INCOMPLETE = "incomplete"
    """A tracking event without a key data element that it should have."""
    LATE = "late"
    """A tracking event recorded later than it should be."""
    SILENT = "silent"
    """A licence under which nothing is recorded."""


class Drawable(StrEnum):
    """What is drawn for a random inspection (ADR 0026)."""

    SUBJECTS = "subjects"
    LOTS = "lots"
    INSTANCES = "instances"


class Inspection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often each candidate is in the urn of a random inspection (ADR 0026); all of it proposed."""

    status: Status
    tickets: int
    """Of every candidate."""
    of: dict[str, int] = {}
    """Of subjects of a role and goods of a kind, instead."""
    signals: dict[Signal, int]
    """More for each signal in a candidate's events, however often it is there."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One product system, as it is from a date on."""

    profile: str
    """Its name, as its file is called."""
    version: int
    valid_from: str | None = None
    """The day from which it acts, ISO 8601; without one it acts from the beginning."""
    label_zh: str
    label_en: str
    paper: Paper
    regulator: Regulator
    items: tuple[ItemKind, ...]
    subjects: tuple[Subject, ...]
    identifiers: tuple[CodeUse, ...]
    stages: tuple[Stage, ...]
    events: tuple[TrackingEvent, ...]
    links: tuple[Link, ...]
    completeness: Completeness
    visibility: Visibility
    retention: tuple[Retention, ...]
    recall: Recall
    markets: tuple[Market, ...] = ()
    inspection: Inspection | None = None
    """Without one, that of `common.yaml` holds."""
    standards: tuple[str, ...] = ()
    hazards: tuple[str, ...]
    unverified: tuple[str, ...]

    def leads(self) -> frozenset[str]:
        """The departments that see as the lead does: where the paper names none, the one proposed."""
        proposed = () if self.regulator.proposed_lead is None else (self.regulator.proposed_lead,)
        return frozenset((*(self.regulator.lead or proposed), *self.visibility.as_lead))

    def event(self, name: str) -> TrackingEvent | None:
        """A tracking event by its id."""
        return next((event for event in self.events if event.id == name), None)

    def vectors(self) -> frozenset[str]:
        """The kinds of things that goods merely touch."""
        return frozenset(item.id for item in self.items if item.vector)

    def begins_with(self, event: TrackingEvent) -> bool:
        """Whether a chain may begin with an event: at such a stage, or where goods come of what they merely touched."""
        origin = any(stage.origin for stage in self.stages if stage.id == event.stage)
        return origin or bool(event.takes and self.vectors().issuperset(event.takes))

    def market(self, name: str) -> Market | None:
        """A market by its id."""
        return next((market for market in self.markets if market.id == name), None)
