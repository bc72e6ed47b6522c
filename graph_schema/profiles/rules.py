"""What a profile must hold beside its shape (ADR 0023). In: a `Profile` and what all share. Out: every `Fault`.

References lead somewhere, examples have the form of their pattern and pass its check, dates and durations are real,
CBV words are CBV's, names stand once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from graph_schema.event import EventType
from graph_schema.profiles.checking import CHECKS
from graph_schema.profiles.codes import Checked, Scheme, read_code, schemes_of, shared_scheme
from graph_schema.profiles.common import Common
from graph_schema.profiles.contact_rules import contact_faults
from graph_schema.profiles.elements import extension_at, is_place, location_at
from graph_schema.profiles.marked import Fault, Path
from graph_schema.profiles.market_rules import access_faults, market_faults
from graph_schema.profiles.profile import CodeUse, Inspection, OpenData, Profile, RecallClass, TrackingEvent
from graph_schema.profiles.references import names_once, references, unknown_word
from graph_schema.vocabulary import Kind, words_of

OWN_CODE = ("name", "label_zh", "label_en", "regex", "check", "example", "status")
"""What a scheme of the profile's own must have."""
_PERIOD = re.compile(r"P(?=\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?")
_UNBOUNDED = ("permanent", "life of equipment")
_SINCE = ("event", "expiry", "shelf_life_end", "end_of_use", "transaction")
MOST_TICKETS = 100
"""Of one candidate for one reason."""
SMALLEST_GROUP = 3
"""Holders of whom something may be told together: of two, each knows the other's."""
FOUND_BY = ("element", "made_by", "by", "day", "result", "did", "code")
"""The words of places where a public field is looked for (`graph_schema.profiles.public`)."""
_GS1 = re.compile(r"\d{2,4}|uri|element_string")


def find_faults(profile: Profile, common: Common, others: frozenset[str]) -> Iterator[Fault]:
    """Every fault of a profile; `others` are the names of all profiles, and of their events as `profile.event`."""
    for rule in _RULES:
        yield from rule(profile, common)
    yield from _other_profiles(profile, others)


def _names(profile: Profile, _: Common) -> Iterator[Fault]:
    yield from names_once(("items",), (item.id for item in profile.items))
    yield from names_once(("subjects",), (subject.role for subject in profile.subjects))
    yield from names_once(("identifiers",), (use.ref or use.name or "unnamed" for use in profile.identifiers))
    yield from names_once(("stages",), (stage.id for stage in profile.stages))
    yield from names_once(("events",), (event.id for event in profile.events))


def _departments(profile: Profile, common: Common) -> Iterator[Fault]:
    told = profile.regulator
    for field, some in (("lead", told.lead or ()), ("support", told.support)):
        yield from references(("regulator", field), some, common.departments, "department")
    if told.proposed_lead is not None and told.proposed_lead not in common.departments:
        yield unknown_word(("regulator", "proposed_lead"), told.proposed_lead, "department")


def _stages(profile: Profile, _: Common) -> Iterator[Fault]:
    stages, roles = [stage.id for stage in profile.stages], [subject.role for subject in profile.subjects]
    for number, stage in enumerate(profile.stages):
        yield from references(("stages", number, "next"), stage.next, stages, "stage")
        yield from references(("stages", number, "subjects"), stage.subjects, roles, "subject")
    for flag in ("origin", "terminal"):
        if not any(getattr(stage, flag) for stage in profile.stages):
            yield Fault(("stages",), f"no stage is {flag}", "a chain begins and ends somewhere")


def _events(profile: Profile, common: Common) -> Iterator[Fault]:
    for number, event in enumerate(profile.events):
        path: Path = ("events", number)
        yield from _event_references(profile, common, event, path)
        yield from _event_words(event, path)


def _event_references(profile: Profile, common: Common, event: TrackingEvent, path: Path) -> Iterator[Fault]:
    items = [item.id for item in profile.items]
    if event.stage not in {stage.id for stage in profile.stages}:
        yield unknown_word((*path, "stage"), event.stage, "stage")
    yield from references((*path, "by"), event.by, (subject.role for subject in profile.subjects), "subject")
    yield from references((*path, "of"), event.of, (*items, *common.nouns), "item")
    yield from references((*path, "in"), event.takes, items, "item")
    yield from references((*path, "out"), event.makes, items, "item")
    yield from references((*path, "contact"), event.contact or (), items, "item")
    for field, some in (("kde", event.kde), ("kde_opt", event.kde_opt)):
        yield from references((*path, field), some, common.kde, "key data element")


def _event_words(event: TrackingEvent, path: Path) -> Iterator[Fault]:
    if event.biz_step not in words_of(Kind.BIZ_STEP):
        yield Fault((*path, "biz_step"), f"`{event.biz_step}` is no business step", "CBV 2.0 §7.1")
    for field in ("disposition", "disposition_fail"):
        word = getattr(event, field)
        if word is not None and word not in words_of(Kind.DISPOSITION):
            yield Fault((*path, field), f"`{word}` is no disposition", "CBV 2.0 §7.2")
    if event.type is EventType.TRANSFORMATION:
        if event.action is not None or event.of or not (event.takes and event.makes):
            yield Fault(path, f"`{event.id}` needs `in` and `out`, and no `action` or `of`", "EPCIS 2.0 §7.4.5")
    elif event.action is None or not event.of:
        yield Fault(path, f"`{event.id}` needs `action` and `of`", "EPCIS 2.0 §7.4")


def _links(profile: Profile, common: Common) -> Iterator[Fault]:
    events = {event.id for event in profile.events}
    for number, link in enumerate(profile.links):
        path: Path = ("links", number)
        for field, name in (
            ("from", link.source),
            ("to", link.target),
            ("or_to", link.or_to),
            ("also_to", link.also_to),
        ):
            if name is not None and name not in events:
                yield unknown_word((*path, field), name, "event")
        if link.match not in common.match_keys and link.match not in common.kde:
            yield unknown_word((*path, "match"), link.match, "key to match by")
        if link.max_gap_h < 0:
            yield Fault((*path, "max_gap_h"), f"{link.max_gap_h} hours", "a gap is not negative")
        if not 0 <= link.tol_pct <= 100:
            yield Fault(
                (*path, "tol_pct"), f"{link.tol_pct} is no part of a hundred", "a tolerance is 0 to 100 percent"
            )


def _codes(profile: Profile, common: Common) -> Iterator[Fault]:
    known = (
        *(item.id for item in profile.items), *(subject.role for subject in profile.subjects), *common.nouns,
    )  # fmt: skip
    whole = True
    for number, use in enumerate(profile.identifiers):
        path: Path = ("identifiers", number)
        yield from references((*path, "of"), use.of, known, "item or subject")
        faults = [*_code_references(use, common, path)]
        whole = whole and not faults
        yield from faults
    if whole:
        for number, scheme in enumerate(schemes_of(profile, common)):
            yield from _code_faults(("identifiers", number), scheme)


def _code_references(use: CodeUse, common: Common, path: Path) -> Iterator[Fault]:
    for field, name in (("ref", use.ref), ("alt_ref", use.alt_ref)):
        if name is not None and name not in common.identifiers:
            yield unknown_word((*path, field), name, "code scheme that profiles share")
    missing = [] if use.ref is not None else [field for field in OWN_CODE if getattr(use, field) is None]
    if missing:
        told = ", ".join(f"`{field}`" for field in missing)
        yield Fault(
            path, f"`{use.name or 'a code scheme'}` has no {told}", "a fact keeps its status mark, a code its example"
        )
    if use.check is not None and use.check not in common.check_algorithms:
        yield unknown_word((*path, "check"), use.check, "check algorithm")
    if use.gs1 is not None and not _GS1.fullmatch(use.gs1):
        yield Fault(
            (*path, "gs1"), f"`{use.gs1}` is no way to name it", "an application identifier, uri or element_string"
        )


def _code_faults(path: Path, scheme: Scheme) -> Iterator[Fault]:
    """What is wrong with a pattern, its check and its example."""
    try:
        groups = scheme.pattern.groupindex
    except re.error as error:
        yield Fault((*path, "regex"), f"the pattern cannot be read: {error}", "a regular expression of Python")
        return
    if scheme.check_group is not None and scheme.check_group not in groups:
        yield unknown_word((*path, "check_group"), scheme.check_group, "named group of the pattern")
        return
    code = read_code(scheme.example, scheme)
    if scheme.run is not None and (code is None or not code.text.endswith(code.parts.get(scheme.run, "?"))):
        yield Fault((*path, "run"), f"no code ends in `{scheme.run}`", "a run counts on the last named group of a code")
    if code is None:
        yield Fault((*path, "example"), "the example has not the form of the pattern", "an example is a code")
    elif code.checked is Checked.FAILS:
        yield Fault((*path, "example"), f"the example fails its check `{scheme.check}`", "an example is a code")


def _measures(profile: Profile, common: Common) -> Iterator[Fault]:
    told = profile.completeness
    known = common.measures()
    for name, target in told.targets.items():
        path: Path = ("completeness", "targets", name)
        if name not in known:
            yield unknown_word(path, name, "measure")
        if not 0 <= target <= 1:
            yield Fault(path, f"{target} is no rate", "a target is 0 to 1")
    for number, event in enumerate(profile.events):
        yield from _hours(("events", number, "report_within_h"), event.report_within_h)
    yield from _hours(("completeness", "report_within_h"), told.report_within_h)


def _hours(path: Path, hours: int | None) -> Iterator[Fault]:
    if hours is not None and hours < 0:
        yield Fault(path, f"{hours} hours", "a limit of time is not negative")


def _visibility(profile: Profile, common: Common) -> Iterator[Fault]:
    told = profile.visibility
    known = (*common.kde, *common.public_fields)
    yield from references(("visibility", "public"), told.public, known, "public field")
    yield from references(("visibility", "restricted"), told.restricted, common.kde, "key data element")
    yield from references(("visibility", "to_site"), told.to_site, common.kde, "key data element")
    yield from references(("visibility", "as_lead"), told.as_lead, common.departments, "department")
    yield from _left_out(("visibility", "restricted"), told.restricted, common)
    yield from _with_sites(("visibility", "to_site"), told.to_site, common)
    if told.open_data is not None:
        yield from _open_data(("visibility", "open_data"), told.open_data)
    for number, field in enumerate(told.public):
        if field in common.restricted_fields or field in told.restricted:
            yield Fault(
                ("visibility", "public", number), f"`{field}` is restricted", "a restricted field is not public"
            )


def _left_out(path: Path, restricted: Iterable[str], common: Common) -> Iterator[Fault]:
    """Restricted elements that cannot be left out of an event."""
    for number, field in enumerate(restricted):
        if field in common.kde and None in map(extension_at, common.kde[field].at):
            what = f"`{field}` is not looked for in extensions alone"
            yield Fault((*path, number), what, "what is restricted stands where it can be left out of an event")


def _with_sites(path: Path, locations: Iterable[str], common: Common) -> Iterator[Fault]:
    """Elements in whose place no site can be told."""
    for number, field in enumerate(locations):
        if field in common.kde and None in map(location_at, common.kde[field].at):
            yield Fault((*path, number), f"`{field}` is no location", "a site is told in place of a location")


def _open_data(path: Path, told: OpenData) -> Iterator[Fault]:
    if told.smallest_group < SMALLEST_GROUP:
        yield Fault((*path, "smallest_group"), f"a group of {told.smallest_group}", f"{SMALLEST_GROUP} holders or more")


def _retention(profile: Profile, _: Common) -> Iterator[Fault]:
    for number, rule in enumerate(profile.retention):
        path: Path = ("retention", number)
        if rule.min not in _UNBOUNDED and not _PERIOD.fullmatch(rule.min):
            yield Fault(
                (*path, "min"), f"`{rule.min}` is no period", "ISO 8601, as P2Y or P6M; permanent; life of equipment"
            )
        if rule.since not in _SINCE:
            yield Fault((*path, "from"), f"`{rule.since}` is no beginning", f"{', '.join(_SINCE)}")


def _recall(profile: Profile, _: Common) -> Iterator[Fault]:
    told = profile.recall
    yield from _limits(("recall", "classes"), told.classes)
    if told.before is not None:
        yield from _limits(("recall", "before", "classes"), told.before.classes)
        if told.in_force is not None and told.before.in_force >= told.in_force:
            yield Fault(
                ("recall", "before", "in_force"),
                "the rule of before is not before",
                "an earlier rule has an earlier date",
            )


def _limits(path: Path, classes: tuple[RecallClass, ...]) -> Iterator[Fault]:
    for number, one in enumerate(classes):
        for field in ("start_h", "notify_h", "notify_days", "progress_days", "finish_working_days"):
            yield from _hours((*path, number, field), getattr(one, field))
    yield from _classes_once(path, classes)


def _classes_once(path: Path, classes: tuple[RecallClass, ...]) -> Iterator[Fault]:
    for number, one in enumerate(classes):
        if one.name in [other.name for other in classes[:number]]:
            yield Fault((*path, number), f"class `{one.name}` is there already", "a name stands once")


def _inspection(profile: Profile, _: Common) -> Iterator[Fault]:
    told = profile.inspection
    if told is not None:
        known = {item.id for item in profile.items} | {subject.role for subject in profile.subjects}
        yield from (
            unknown_word(("inspection", "of", name), name, "subject or item") for name in told.of if name not in known
        )
        yield from _tickets(("inspection",), told)


def _tickets(path: Path, told: Inspection) -> Iterator[Fault]:
    """A candidate has at least one ticket; a signal may count for nothing."""
    some = [((*path, "tickets"), told.tickets, 1)]
    some += [((*path, "of", name), number, 1) for name, number in told.of.items()]
    some += [((*path, "signals", name), number, 0) for name, number in told.signals.items()]
    for at, number, least in some:
        if not least <= number <= MOST_TICKETS:
            yield Fault(at, f"{number} tickets", f"{least} to {MOST_TICKETS} tickets")


def _dates(profile: Profile, _: Common) -> Iterator[Fault]:
    before = profile.recall.before
    told: list[tuple[Path, str | None]] = [
        (("valid_from",), profile.valid_from),
        (("recall", "in_force"), profile.recall.in_force),
        (("recall", "before", "in_force"), None if before is None else before.in_force),
        (("completeness", "report_in_force"), profile.completeness.report_in_force),
        *((("links", n, "in_force_until"), link.in_force_until) for n, link in enumerate(profile.links)),
    ]
    for path, day in told:
        if day is not None and not is_date(day):
            yield Fault(path, f"`{day}` is no date", "ISO 8601, as 2017-08-24")


def is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, as ISO 8601 writes it in full."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _other_profiles(profile: Profile, others: frozenset[str]) -> Iterator[Fault]:
    for number, item in enumerate(profile.items):
        for name in (item.from_profile or "").split("|"):
            if name and name not in others:
                yield unknown_word(("items", number, "from_profile"), name, "profile")
    for number, event in enumerate(profile.events):
        if event.contact_profile is not None and event.contact_profile not in others:
            yield unknown_word(("events", number, "contact_profile"), event.contact_profile, "event of a profile")


_RULES = (
    _names, _departments, _stages, _events, _links, _codes, _measures, _visibility, _retention, _recall, _inspection,
    _dates, contact_faults, market_faults,
)  # fmt: skip


def find_common_faults(common: Common) -> Iterator[Fault]:
    """Every fault of what all profiles share."""
    for rule in (_elements, _shared_codes, _algorithms, _public_fields, access_faults):
        yield from rule(common)
    for name, view in common.views.items():
        yield from references(("views", name, "departments"), view.departments, common.departments, "department")
    yield from _tickets(("inspection_default",), common.inspection_default)
    yield from _open_data(("open_data",), common.open_data)
    for field in ("date", "printed"):
        if not is_date(getattr(common.paper, field)):
            yield Fault(("paper", field), "it is no date", "ISO 8601, as 2017-08-24")


def _elements(common: Common) -> Iterator[Fault]:
    for name, element in common.kde.items():
        for number, at in enumerate(element.at):
            if not is_place(at):
                yield Fault(
                    ("kde", name, "at", number), f"`{at}` is no place in an event", "a place is a word and a name"
                )
    yield from references(("kde_core",), common.kde_core, common.kde, "key data element")
    yield from references(("restricted_fields",), common.restricted_fields, common.kde, "key data element")
    yield from _left_out(("restricted_fields",), common.restricted_fields, common)


def _shared_codes(common: Common) -> Iterator[Fault]:
    for name, shared in common.identifiers.items():
        path: Path = ("identifiers", name)
        if shared.check not in common.check_algorithms:
            yield unknown_word((*path, "check"), shared.check, "check algorithm")
        else:
            yield from _code_faults(path, shared_scheme(name, common))


def _public_fields(common: Common) -> Iterator[Fault]:
    for name, told in common.public_fields.items():
        for number, place in enumerate(told.find):
            word, _, of = place.partition(" ")
            if word not in FOUND_BY or not of:
                rule = f"{', '.join(FOUND_BY)}, and a name"
                yield Fault(("public_fields", name, "find", number), f"`{place}` is no place to look", rule)


def _algorithms(common: Common) -> Iterator[Fault]:
    for name, algorithm in common.check_algorithms.items():
        if name not in (*CHECKS, Checked.NONE, Checked.UNKNOWN):
            yield Fault(("check_algorithms", name), f"nothing computes it: {algorithm.rule}", "a check that is known")
