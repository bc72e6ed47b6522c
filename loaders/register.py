"""Registers of licence holders (paper 四, ADR 0024). In: a sheet. Out: a `Registered` or a `Rejected` a row.

Columns, by their English or Chinese name, in any order: `system`, `role`, `party` (unified social credit code, or a
PGLN in any spelling), `gln` (of the site), `licence` (its number), `holder`, `area`, `department`, `units`,
`valid_from`, `valid_until`. A row needs a system, a role, and a party, a GLN or a licence; others are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import msgspec

from graph_schema.identifiers import Kind, take_identifier
from graph_schema.licence import Licence
from graph_schema.profiles import Profile, Profiles, read_code
from graph_schema.profiles.codes import Checked, shared_scheme
from loaders.outcome import Finding, Place, Rejected
from loaders.sheet import Row, read_rows

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "system": ("system", "追溯体系", "产品类别"),
    "role": ("role", "subject", "主体类型"),
    "party": ("party", "uscc", "统一社会信用代码"),
    "gln": ("gln", "site", "场所gln"),
    "licence": ("licence", "license", "许可证号"),
    "holder": ("holder", "name", "名称", "企业名称"),
    "area": ("area", "区域", "所属区域"),
    "department": ("department", "主管部门"),
    "units": ("units", "申报数量"),
    "valid_from": ("valid_from", "有效期起"),
    "valid_until": ("valid_until", "有效期至"),
}
"""What each column may be called; case does not matter."""
RULE = "docs/loading.md, Registers"
LONGEST = 500
"""Characters of a cell."""
_PARTY = re.compile(r"\d{13}")

Value = TypeVar("Value")


class Registered(msgspec.Struct, frozen=True):
    """A row that became a licence."""

    licence: Licence
    place: Place


class _Refused(Exception):
    """Why a cell is refused."""

    def __init__(self, column: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.finding = Finding("error", RULE, f"/{column}", what, remedy)


def load_register(file: Path, profiles: Profiles) -> Iterator[Registered | Rejected]:
    """Every row of a register; raises `InvalidDocument` where the file is no sheet."""
    seen: dict[str, Place] = {}
    reading = _Reading(profiles)
    for row in read_rows(file):
        try:
            licence = reading.licence(_known(row))
            _check_once(licence, seen, row.place)
        except _Refused as refused:
            yield Rejected(row.place, None, (refused.finding,))
        else:
            yield Registered(licence, row.place)


def _known(row: Row) -> dict[str, str]:
    """The cells of a row under our own names of columns."""
    told = {}
    for column, names in COLUMNS.items():
        found = next((row.cells[name] for name in names if name in row.cells), None)
        if found is not None and len(found) > LONGEST:
            raise _Refused(column, f"{len(found):,} characters", f"A cell has at most {LONGEST}.")
        if found is not None:
            told[column] = found
    return told


def _check_once(licence: Licence, seen: dict[str, Place], place: Place) -> None:
    before = seen.setdefault(licence.key, place)
    if before is not place:
        raise _Refused("licence", f"this licence is there already: {before}", "Have it once; the first row counts.")


class _Reading:
    """What cells mean, as some profiles have it."""

    def __init__(self, profiles: Profiles) -> None:
        self._systems = {_folded(name): each for each in profiles.latest() for name in _names(each)}
        departments = profiles.common.departments.items()
        self._departments = {_folded(name): key for key, one in departments for name in (key, one.zh, one.en)}
        self._uscc = shared_scheme("uscc", profiles.common)

    def licence(self, cells: Mapping[str, str]) -> Licence:
        """The licence of a row."""
        profile = self._profile(cells)
        licence = Licence(
            system=profile.profile,
            role=_role(cells, profile),
            party=_read(cells, "party", self._party),
            site=_read(cells, "gln", _site),
            number=cells.get("licence"),
            holder=cells.get("holder"),
            area="/".join(filter(None, (part.strip() for part in cells.get("area", "").split("/")))),
            department=_read(cells, "department", self._department) or _sole_lead(profile),
            units=_read(cells, "units", _amount),
            valid_from=_read(cells, "valid_from", _day),
            valid_until=_read(cells, "valid_until", _day),
        )
        if not licence.names:
            raise _Refused("party", "it says not who holds the licence", "Give a party, a gln or a licence.")
        if licence.valid_until is not None and (licence.valid_from or "") > licence.valid_until:
            raise _Refused("valid_until", "it ends before it begins", "Correct one of the days.")
        return licence

    def _profile(self, cells: Mapping[str, str]) -> Profile:
        name = cells.get("system")
        found = None if name is None else self._systems.get(_folded(name))
        if found is None:
            what = "it names no system" if name is None else f"there is no product system {name[:80]!r}"
            raise _Refused("system", what, "`suyuan systems` lists them.")
        return found

    def _party(self, text: str) -> str:
        code = read_code(text.upper(), self._uscc)
        if code is not None:
            if code.checked is Checked.FAILS:
                raise ValueError(f"the check of {text!r} fails ({self._uscc.check})")
            return code.key
        return _key(f"(417){text}" if _PARTY.fullmatch(text) else text, Kind.party)

    def _department(self, text: str) -> str:
        found = self._departments.get(_folded(text))
        if found is None:
            raise ValueError(
                f"there is no department {text[:80]!r}; one of {', '.join(sorted(set(self._departments.values())))}"
            )
        return found


def _names(profile: Profile) -> tuple[str, str, str]:
    return profile.profile, profile.label_zh, profile.label_en


def _folded(name: str) -> str:
    return name.strip().casefold()


def _role(cells: Mapping[str, str], profile: Profile) -> str:
    name = cells.get("role", "")
    roles = {_folded(told): one.role for one in profile.subjects for told in (one.role, one.label_zh, one.label_en)}
    found = roles.get(_folded(name))
    if found is None:
        known = ", ".join(one.role for one in profile.subjects)
        raise _Refused("role", f"{profile.profile} has no subject {name[:80]!r}", f"One of {known}.")
    return found


def _sole_lead(profile: Profile) -> str:
    """The department that leads, where it is one; else who supervises is not known without being told."""
    leads = profile.regulator.lead or ()
    return leads[0] if len(leads) == 1 else ""


def _read(cells: Mapping[str, str], column: str, parse: Callable[[str], Value]) -> Value | None:
    text = cells.get(column)
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise _Refused(column, str(error), "Correct the cell.") from error


def _site(text: str) -> str:
    return _key(f"(414){text}" if _PARTY.fullmatch(text) else text, Kind.site)


def _key(text: str, kind: Kind) -> str:
    named, error = take_identifier(text)
    if error is not None:
        raise ValueError(error.what)
    if named.kind is not kind:
        raise ValueError(f"{text[:80]!r} names no {kind}")
    return named.key


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(f"{text[:80]!r} is no number") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{text[:80]!r} is no amount")
    return amount


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")).isoformat()
    except ValueError:
        raise ValueError(f"{text[:80]!r} is no day: 2026-01-31") from None
