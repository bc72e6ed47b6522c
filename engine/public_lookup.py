"""A code looked up by the public. In: a code as typed or scanned, a state. Out: `PublicLookup`, of one shape for all.

A text may be a code of several schemes; each reading is told for itself. Its fields are those that the systems of its
scheme make public: the same names whether or not there is such a thing, with values where marked records tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from engine.public_records import PublicRecords
from engine.stores.ports import Snapshot
from graph_schema.errors import InvalidIdentifier, InvalidInput, WrongCheckDigit
from graph_schema.event import Event
from graph_schema.identifiers import (
    Identifier,
    Kind,
    lot_of_class,
    site_of_place,
    take_identifier,
    wider_key,
)
from graph_schema.master_data import party_of, product_name, site_name
from graph_schema.profiles import Checked, Code, Profile, Profiles, Scheme, Status, read_codes
from graph_schema.profiles.codes import LONGEST, code_in
from graph_schema.profiles.public import RECALL_STATUS, PublicFields, RecallStatus, recall_told
from graph_schema.profiles.recognition import recorder_of
from graph_schema.profiles.restricted import Restrictions, without

_GOODS = (Kind.lot, Kind.instance, Kind.logistic_unit, Kind.class_, Kind.other)
_UNIT = "logistic_unit"


class Finding(StrEnum):
    """What is to be minded of a code."""

    CLONE = "clone"
    """It is on more than one object: all but one may be counterfeit. Which, where and whose is not told.

    Or its records tell what one object cannot have done: it was fitted to two wholes, or went to consumers twice, and
    nothing tells what happened in between. Then a record may be missing.
    """
    CHECK_FAILS = "check_fails"
    """Its check digit is wrong: it was misread, or is no such code."""
    CHECK_DOUBTED = "check_doubted"
    """Its check digit does not fit, but not every such code has one: it may have been misread."""


class CodeScheme(msgspec.Struct, frozen=True):
    """A scheme as which a text can be read."""

    id: str
    zh: str
    en: str
    checked: Checked


class PublicValue(msgspec.Struct, frozen=True):
    """A public field of a thing; `value` is None where nothing tells it."""

    id: str
    zh: str
    en: str
    value: str | None


class CodeReading(msgspec.Struct, frozen=True):
    """A text as the code of one thing."""

    key: str
    schemes: tuple[CodeScheme, ...]
    """The schemes that read it so; none where GS1's own rules do."""
    systems: tuple[str, ...]
    """The product systems whose codes these are."""
    gtin: str | None
    lot: str | None
    serial: str | None
    fields: tuple[PublicValue, ...]
    recall_status: RecallStatus
    findings: tuple[Finding, ...]
    vague: bool
    """Whether nearly any text has the form of its schemes: that this one has it tells nothing."""

    @property
    def tells(self) -> bool:
        """Whether anything is told of it but that it was misread."""
        told = any(field.value is not None for field in self.fields)
        return told or self.recall_status is not RecallStatus.NONE or Finding.CLONE in self.findings


class PublicLookup(msgspec.Struct, frozen=True):
    """What the public is told of a code."""

    code: str
    readings: tuple[CodeReading, ...]
    """Each thing that it may be the code of, the likeliest first; none where no scheme reads it."""

    def foremost(self) -> list[CodeReading]:
        """What people are shown: those of which anything is told; else what was misread, and what it may be else."""
        telling = [reading for reading in self.readings if reading.tells]
        return telling or [*self._likeliest()]

    def _likeliest(self) -> Iterator[CodeReading]:
        """The first without a finding, after those that have one; nothing vague after these."""
        for number, reading in enumerate(self.readings):
            if number and reading.vague:
                return
            yield reading
            if not reading.findings:
                return


class Telling(msgspec.Struct, frozen=True):
    """What records tell of a thing; `used_twice`: what one object cannot have done."""

    values: Mapping[str, str]
    recall: RecallStatus
    used_twice: bool


NOTHING = Telling({}, RecallStatus.NONE, used_twice=False)


class PublicCodes:
    """Looks codes up."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._systems = {profile.profile: profile for profile in profiles.latest()}
        self._schemes: dict[str, Scheme] = {}
        self._of_scheme: dict[str, list[str]] = {}
        for profile in profiles.latest():
            for scheme in _schemes_of_goods(profile, profiles):
                self._schemes.setdefault(scheme.space, scheme)
                self._of_scheme.setdefault(scheme.space, []).append(profile.profile)
        self._restrictions = Restrictions(profiles)
        self.records = PublicRecords(profiles)

    def look_up(self, text: str, snapshot: Snapshot, system: str | None = None) -> PublicLookup:
        """What the public is told of a code, of one system if it is named; `InvalidInput` for one that is none."""
        if len(text) > LONGEST:
            raise InvalidIdentifier(
                f"a code of {len(text):,} characters", remedy=f"A code has at most {LONGEST:,}: scan one alone."
            )
        if system is not None and system not in self._systems:
            raise InvalidInput(
                f"there is no product system {system[:80]!r}",
                where="system",
                remedy=f"One of {', '.join(self._systems)}.",
            )
        self.records.follow(snapshot)
        code = text.strip()
        readings = [_Reading(self, snapshot, *one, system) for one in self._readings(code)]
        return PublicLookup(code, tuple(one.told() for one in readings if system is None or one.systems))

    def _readings(self, text: str) -> Iterator[tuple[Identifier, list[Code]]]:
        """What a text names, and the codes that name it: by GS1's rules first, then by schemes, the surest first.

        What GS1's rules read is read by schemes as its key is spelled, so that every spelling is told the same. A check
        digit that is wrong stands before what has no check, since that would take the text for anything.
        """
        named, error = take_identifier(text)
        misread = isinstance(error, WrongCheckDigit)
        known = named.key if misread or error is None else None
        codes = sorted(read_codes(text, self._schemes.values()), key=_doubt)
        found: dict[str, list[Code]] = {code.key: [] for code in codes if misread and code.checked is Checked.HOLDS}
        if known is not None:
            spelled = read_codes(known, self._schemes.values())
            found[known] = [code for code in spelled if code.key == known]
        for code in codes:
            if code.key != known:
                found.setdefault(code.key, []).append(code)
        return ((named if key == known else take_identifier(key)[0], read) for key, read in found.items())

    def systems(self, named: Identifier, codes: list[Code]) -> list[str]:
        """The systems that such codes may be of: a key of GS1, or a URI of one's own, may be on goods of any."""
        if named.kind not in _GOODS:
            return []
        if not codes or named.scheme != "uri":
            return list(self._systems)
        return sorted({name for code in codes for name in self._of_scheme[code.scheme.space]})

    def fields(self, systems: Iterable[str]) -> list[str]:
        """The public fields of systems, each once, in their order."""
        told = (field for name in systems for field in self._systems[name].visibility.public)
        return [field for field in dict.fromkeys(told) if field != RECALL_STATUS]

    def label(self, field: str) -> tuple[str, str]:
        """The names of a public field."""
        common = self._profiles.common
        told = common.public_fields.get(field) or common.kde[field]
        return told.zh, told.en

    def tell(self, keys: list[str], codes: list[Code], systems: list[str], snapshot: Snapshot) -> Telling:
        """What marked records tell of a thing under its keys."""
        records = self.records.records(keys, systems, snapshot)
        if not records:
            return NOTHING
        on_it = dict([*((code.scheme.space, code.text) for code in codes), *self._codes_on(keys, snapshot)])
        fields = PublicFields(records, self._profiles, on_it, lambda event: _recorder(self._by_site(event), snapshot))
        twice = any(self.records.is_used_twice(key, records, snapshot) for key in keys)
        return Telling(fields.values(), recall_told(records, keys), twice)

    def _by_site(self, event: Event) -> Event:
        """An event at its site, where its system tells the public no place below it: a place may have a name."""
        places = [one for one in self._restrictions.of(event) if one.fields]
        return without(event, places) if places else event

    def _codes_on(self, keys: list[str], snapshot: Snapshot) -> Iterator[tuple[str, str]]:
        """The codes that were told of a thing, each with the space of its scheme."""
        told = (code_in(code) for key in keys for code in self.records.codes(key, snapshot))
        return (code for code in told if code is not None)


class _Reading:
    """A text as the code of one thing, to be told of."""

    def __init__(
        self, codes: PublicCodes, snapshot: Snapshot, named: Identifier, read: list[Code], system: str | None
    ) -> None:
        self._of, self._snapshot, self._named, self._read = codes, snapshot, named, read
        self.systems = [name for name in codes.systems(named, read) if system in (None, name)]

    def told(self) -> CodeReading:
        """What is told of it."""
        named, fails = self._named, self._fails()
        things = [] if fails else self._of.records.things(named.key, self._snapshot)
        # A code on two things stands for neither.
        keys = [named.key, *(things if len(things) == 1 else [])]
        keys += self._lots(keys)
        telling = NOTHING if fails else self._of.tell(keys, self._read, self.systems, self._snapshot)
        values = {**telling.values, **self._label()}
        misread = isinstance(take_identifier(named.key)[1], WrongCheckDigit)
        findings = {
            Finding.CLONE: len(things) > 1 or telling.used_twice,
            Finding.CHECK_FAILS: fails or misread,
            Finding.CHECK_DOUBTED: any(code.checked is Checked.FAILS and not code.is_misread for code in self._read),
        }
        return CodeReading(
            key=named.key,
            schemes=tuple(_shown(code) for code in self._read),
            systems=tuple(self.systems),
            gtin=named.gtin,
            lot=named.lot,
            serial=named.serial,
            fields=tuple(
                PublicValue(field, *self._of.label(field), values.get(field)) for field in self._of.fields(self.systems)
            ),
            recall_status=telling.recall,
            findings=tuple(finding for finding, is_so in findings.items() if is_so),
            vague=bool(self._read) and all(code.scheme.is_vague for code in self._read),
        )

    def _fails(self) -> bool:
        """Whether every scheme that reads it has a check, and it fails."""
        return bool(self._read) and all(code.is_misread for code in self._read)

    def _lots(self, keys: list[str]) -> list[str]:
        """The lots of single things: as the code tells beside the serial, else as records tell."""
        told = [self._of.records.lot(key) for key in keys]
        if self._named.serial is not None and self._named.lot is not None:
            told.append(lot_of_class(wider_key(self._named.key) or "", self._named.lot))
        return list(dict.fromkeys(lot for lot in told if lot is not None))

    def _label(self) -> dict[str, str]:
        """What the code itself tells, and the name of its class: of what is narrower master data tell nothing here."""
        key = f"https://id.gs1.org/01/{self._named.gtin}"
        product = product_name(self._snapshot.masters.of([key]).get(key, {}))
        told = {"product": product, "lot": self._named.lot}
        return {field: value for field, value in told.items() if value is not None}


def _schemes_of_goods(profile: Profile, profiles: Profiles) -> Iterator[Scheme]:
    """The code schemes that name goods, not those who handle them or their papers."""
    goods = {item.id for item in profile.items} | {_UNIT}
    return (scheme for scheme in profiles.schemes(profile) if goods & {*scheme.of})


def _doubt(code: Code) -> tuple[int, int]:
    """How far it is doubtful that a text is this code, or was to be.

    One whose check holds comes first, then one that is wrong in its check alone, then one that has the form of its
    scheme, last one whose form nearly any text has; and of each the scheme whose layout is surer.
    """
    sure = list(Status).index(code.scheme.status)
    if code.checked is Checked.HOLDS:
        return 0, sure
    return (1 if code.is_misread else 3 if code.scheme.is_vague else 2), sure


def _shown(code: Code) -> CodeScheme:
    return CodeScheme(code.scheme.space, code.scheme.label_zh, code.scheme.label_en, code.checked)


def _recorder(event: Event, snapshot: Snapshot) -> str | None:
    """The name of whose record an event is, as master data tell it: of its recorder, else of the party of its site."""
    place = event.read_point or event.biz_location
    recorder = recorder_of(event)
    keys = [take_identifier(recorder)[0].key] if recorder is not None else []
    keys += [place, site_of_place(place)] if place is not None else []
    known = snapshot.masters.of(keys)
    for key in keys:
        told = known.get(key, {})
        party = party_of(told)
        owner = None if party is None else take_identifier(party)[0].key
        named = None if owner is None else site_name(snapshot.masters.of([owner]).get(owner, {}))
        if (name := named or site_name(told)) is not None:
            return name
    return None
