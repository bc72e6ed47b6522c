"""The coverage of a product system as it is shown. In: a state, who asks. Out: measures, lists behind them.

Who sees all is shown all; a regulator of a department what its department supervises; an enterprise its own licences,
by the events that it sees; a consumer nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import numpy as np

from api.principals import Principal, Role
from engine.coverage.chain import links_of
from engine.coverage.columns import Array, digest
from engine.coverage.following import Records
from engine.coverage.measured import Asked, Coverage, Covered, Measured, measure
from engine.coverage.register import Register, read_register
from engine.coverage.tally import Tally, Unit
from engine.coverage.tracked import NOBODY
from engine.ledger import LedgerEntry
from engine.stores.ports import Snapshot
from graph_schema.errors import Forbidden
from graph_schema.interval import Interval, datetime_of
from graph_schema.licence import Licence
from graph_schema.profiles import Profiles, Status

_OF_LICENCES = frozenset({Unit.LICENCE, Unit.AREA, Unit.DECLARED})


class Behind(msgspec.Struct, frozen=True):
    """A unit behind a measure."""

    number: int
    """Its number in the list, which stays as it is for a question at a position."""
    unit: Unit
    licence: Licence | None
    """Whose it is; None: somebody in no register."""
    event: str | None = None
    tracking_event: str | None = None
    time: Interval | None = None
    thing: str | None = None
    link: str | None = None
    """`ship > receive`: what should follow what."""
    missing: tuple[str, ...] = ()
    """Key data elements that are not there."""
    area: str | None = None
    declared: float | None = None
    reported: float | None = None


def check_may_ask(principal: Principal | None) -> None:
    """`Forbidden` for consumers; None: no users are configured."""
    if principal is not None and principal.role is Role.CONSUMER:
        raise Forbidden("this is not for consumers to ask", remedy="Look a code up: item(id), or its Digital Link.")


class Recorded:
    """What coverage is told of: the rows of a state's entries, and what of them somebody sees."""

    def __init__(self, records: Records, snapshot: Snapshot, seen: Snapshot, principal: Principal | None) -> None:
        self.records = records
        self._snapshot = snapshot
        self._seen = seen
        self._principal = principal

    def coverage(self, asked: Asked, profiles: Profiles) -> Coverage:
        """The coverage of a system, of what somebody sees."""
        principal = self._principal
        check_may_ask(principal)
        period = (asked.since.isoformat(), asked.at.isoformat())
        register = read_register(self._snapshot.masters, asked.system, *period, at=self.records.position)
        whole = measure(self.records, register, profiles, asked, self._rows_seen())
        return whole if principal is None else whole._replace(chosen=chosen_by(register, principal, profiles))

    def _rows_seen(self) -> Array | None:
        """Which rows are of entries that an enterprise sees; None: all count, as they do for offices."""
        if self._principal is None or self._principal.sees_all:
            return None
        seen = np.zeros(len(self.records.records), bool)
        seen[[entry.seq - 1 for entry in self._seen.ledger.entries(0, self.records.position)]] = True
        return seen

    def rows(self, coverage: Coverage, tally: Tally, numbers: Sequence[int]) -> list[Behind]:
        """Some units of a tally, by number, in words."""
        chosen = tally.of(np.array(numbers, int))
        entries = {} if tally.unit in _OF_LICENCES else self._entries(chosen.what)
        return [
            _of_licence(coverage, chosen, place, number)
            if tally.unit in _OF_LICENCES
            else _of_event(coverage, chosen, place, number, entries.get(int(chosen.what[place]) + 1))
            for place, number in enumerate(numbers)
        ]

    def _entries(self, rows: Array) -> dict[int, LedgerEntry]:
        seqs = sorted({int(row) + 1 for row in rows})
        return {entry.seq: entry for entry in self._seen.events.at(seqs)}


def chosen_by(register: Register, principal: Principal, profiles: Profiles) -> Array | None:
    """The licences that somebody is shown; None: all, and what is under none."""
    if principal.sees_all and principal.department is None:
        return None
    if principal.sees_all:
        names = profiles.common.departments_called(principal.department or "")
        shown = [one.department in names for one in register.licences]
    else:
        own = {*principal.parties, *principal.sites}
        shown = [bool({one.party, one.site} & own) for one in register.licences]
    return np.flatnonzero(np.array(shown, bool))


def _licence(coverage: Coverage, number: int) -> Licence | None:
    return None if number == NOBODY else coverage.register.licences[number]


def _of_licence(coverage: Coverage, tally: Tally, place: int, number: int) -> Behind:
    licence = coverage.register.licences[int(tally.what[place])]
    weight = None if tally.weight is None else float(tally.weight[place])
    return Behind(
        number=number,
        unit=tally.unit,
        licence=None if tally.unit is Unit.AREA else licence,
        area=licence.area or None,
        declared=weight,
        reported=None if weight is None else float(tally.good[place]),
    )


def _of_event(coverage: Coverage, tally: Tally, place: int, number: int, entry: LedgerEntry | None) -> Behind:
    """An entry that is not seen any more is not told."""
    row = int(np.searchsorted(coverage.tracked.rows, tally.what[place]))
    which = None if tally.which is None else int(tally.which[place])
    expected = which if tally.unit is Unit.TRACKING_EVENT else None
    law = coverage.tracked.laws[int(coverage.tracked.law[row]) if expected is None else expected]
    return Behind(
        number=number,
        unit=tally.unit,
        licence=_licence(coverage, int(tally.owner[place])),
        event=None if entry is None else entry.event.id,
        tracking_event=law.event.id,
        time=None if entry is None else entry.event.time,
        thing=None if entry is None or tally.thing is None else _thing(entry, int(tally.thing[place])),
        link=None if which is None or tally.unit is not Unit.LINK else _link(coverage, which),
        missing=coverage.missing(row) if tally.unit is Unit.EVENT else (),
    )


def _link(coverage: Coverage, number: int) -> str:
    _, link = links_of(coverage.tracked.laws)[number]
    return f"{link.source} > {link.target}"


def _thing(entry: LedgerEntry, wanted: int) -> str | None:
    """The item of an entry that has a digest; None where it is a value that a link is matched by."""
    return next((what.item for what in entry.event.whats if digest(what.item) == wanted), None)


def told_json(coverage: Coverage, covered: Sequence[Covered], rows: Sequence[Behind], count: int) -> dict[str, object]:
    """The documented JSON of coverage: the whole first, then its parts, and the list that was asked for."""
    asked = coverage.asked
    return {
        "system": asked.system,
        "at": asked.at.isoformat(),
        "since": None if asked.since == date.min else asked.since.isoformat(),
        "version": coverage.profile.version,
        "position": coverage.tracked.records.position,
        "measures": [measured_json(one) for one in covered[0].measures],
        "parts": [
            {"by": part.by, "key": part.key, "measures": [measured_json(one) for one in part.measures]}
            for part in covered[1:]
        ],
        "behind": {"count": count, "rows": [_row(row) for row in rows]},
    }


def measured_json(measure: Measured) -> dict[str, object]:
    """A measure with its rate and target."""
    return {
        "id": measure.id,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "rate": measure.rate,
        "target": measure.target,
        "target_status": None if measure.target is None else Status.PROPOSED,
        "at_most": measure.at_most,
        "met": measure.met,
    }


def _row(row: Behind) -> dict[str, object]:
    time = None if row.time is None else datetime_of(row.time.earliest)
    return {
        "unit": row.unit,
        "licence": None if row.licence is None else row.licence.key,
        "holder": None if row.licence is None else row.licence.holder,
        "event": row.event,
        "tracking_event": row.tracking_event,
        "time": None if time is None else time.isoformat(),
        "thing": row.thing,
        "link": row.link,
        "missing": list(row.missing),
        "area": row.area,
        "declared": row.declared,
        "reported": row.reported,
    }
