"""Random inspection at the edge (ADR 0026): a draw as JSON, a form to fill in, and results as EPCIS events.

In: a `Draw`, or a form that inspectors filled in. Out: JSON, the form as CSV, an EPCIS 2.0 document that `suyuan load`
and a capture take. A form is read as what strangers send: bounded, each fault told with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from engine.inspection import MOST_DRAWN, Draw
from engine.inspection.results import FAILED, INSPECTED, PASSED, STEP, SUBJECT
from engine.seeds import parse_key, parse_site
from graph_schema.errors import InvalidIdentifier, InvalidInput
from graph_schema.interval import datetime_of
from graph_schema.profiles.profile import Drawable
from graph_schema.profiles.recognition import NAMED
from loaders.document_writer import STANDARD_CONTEXT

Json = dict[str, Any]
NAMESPACE = "urn:suyuan:"
_PREFIX = "suyuan"
COLUMNS = ("draw", "system", "of", "rank", "key", "signals", "result", "site", "time", "report")
"""Of the form; the last four are filled in."""
RESULTS: Mapping[str, str] = {PASSED: PASSED, "合格": PASSED, FAILED: FAILED, "不合格": FAILED}
LARGEST_FORM = 4 << 20
"""Bytes."""
_STARTS_FORMULA = frozenset("=+-@\t\r")
"""What makes a spreadsheet take a cell for a formula."""
_GUARD = "'"
_ZONED = re.compile(r".*[+-]\d{2}:\d{2}")
"""The end of a time whose zone EPCIS can say."""


def draw_json(draw: Draw) -> Json:
    """A draw as it is printed, times as ISO 8601."""
    told: Json = msgspec.to_builtins(draw)
    return told | {"window": {"since": _told(draw.window.since), "until": _told(draw.window.until)}}


def _told(micros: int | None) -> str | None:
    moment = None if micros is None else datetime_of(micros)
    return None if moment is None else moment.isoformat()


def form_of(draw: Draw) -> bytes:
    """A form with a row for each that was drawn, as CSV that spreadsheets open (UTF-8 with its mark)."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for one in draw.drawn:
        told = (draw.id, draw.system, draw.kind, str(one.rank), one.key, " ".join(one.signals))
        rows.writerow([*map(_guarded, told), "", "", "", ""])
    return out.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    return _GUARD + cell if cell[:1] in _STARTS_FORMULA else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == _GUARD and cell[1:2] in _STARTS_FORMULA else cell


def results_of(form: bytes, name: str) -> tuple[list[Json], int]:
    """The results of a form as EPCIS events, and how many rows have none yet; `InvalidInput` tells every fault."""
    events, faults, waiting = [], [], 0
    for line, row in _rows(form, name):
        if not row["result"]:
            waiting += 1
            continue
        try:
            events.append(_event(row))
        except InvalidInput as error:
            faults.append(f"line {line}: {error.sentence()}")
    if faults:
        raise InvalidInput("\n".join(faults), where=name)
    return events, waiting


def document_of(events: Iterable[Json], created: datetime) -> Json:
    """One EPCISDocument with these events."""
    return {
        "@context": [STANDARD_CONTEXT, {_PREFIX: NAMESPACE}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.isoformat(),
        "epcisBody": {"eventList": list(events)},
    }


def _rows(form: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a form by column, with their lines."""
    if len(form) > LARGEST_FORM:
        raise InvalidInput(f"{len(form):,} bytes", where=name, remedy=f"A form has at most {LARGEST_FORM:,}.")
    try:
        reader = csv.DictReader(io.StringIO(form.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInput(
                f"it has no column {', '.join(missing)}", where=name, remedy="Fill in what `suyuan draw --form` wrote."
            )
        for number, row in enumerate(reader, 1):
            if number > MOST_DRAWN:
                raise InvalidInput(f"more than {MOST_DRAWN:,} rows", where=name, remedy="Part the form.")
            yield reader.line_num, {column: _unguarded((row[column] or "").strip()) for column in COLUMNS}
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidInput(f"this is no CSV in UTF-8: {error}", where=name, remedy="Save it as CSV UTF-8.") from error


def _event(row: dict[str, str]) -> Json:
    """A result as an event: an inspection of goods where they are, or of a subject, which moves nothing."""
    result, moment, key = RESULTS.get(row["result"].lower()), _moment(row["time"]), _key(row["key"])
    if result is None:
        raise InvalidInput(f"`{row['result'][:80]}` is no result", where="result", remedy=f"One of {_words()}.")
    if row["of"] not in set(Drawable):
        raise InvalidInput(f"`{row['of'][:80]}` is not drawn", where="of", remedy=f"One of {', '.join(Drawable)}.")
    if not row["draw"].startswith(f"{NAMESPACE}draw:"):
        raise InvalidInput("it names no draw", where="draw", remedy="Keep what `suyuan draw --form` wrote.")
    transactions = [{"bizTransaction": row["draw"]}]
    if row["report"]:
        transactions.append({"type": "testres", "bizTransaction": _report(row["report"])})
    return {
        "type": "TransactionEvent" if row["of"] == Drawable.SUBJECTS else "ObjectEvent",
        "eventTime": moment.isoformat(),
        "eventTimeZoneOffset": moment.isoformat()[-6:],
        "action": "OBSERVE",
        "bizStep": STEP,
        "disposition": result,
        "readPoint": {"id": _site(row["site"])},
        "bizTransactionList": transactions,
        f"{_PREFIX}:{NAMED}": f"{row['system']}.{INSPECTED}",
        **_inspected(row, key),
    }


def _inspected(row: dict[str, str], key: str) -> Json:
    """Goods; of a subject the inspection itself, since a TransactionEvent names something (EPCIS 2.0 §7.4.4)."""
    if row["of"] == Drawable.SUBJECTS:
        record = row["draw"].replace("draw:", "inspection:", 1)
        return {"epcList": [f"{record}:{quote(row['rank'], safe='')}"], f"{_PREFIX}:{SUBJECT}": key}
    return {"quantityList": [{"epcClass": key}]} if row["of"] == Drawable.LOTS else {"epcList": [key]}


def _key(text: str) -> str:
    """The key as the draw told it; a subject's may be a text that is no code."""
    if not text:
        raise InvalidInput("it names nothing", where="key", remedy="Keep what `suyuan draw --form` wrote.")
    return text


def _site(text: str) -> str:
    """Where it was inspected: without a place, an observation would be of goods that may be anywhere."""
    if not text:
        raise InvalidInput("no place is told", where="site", remedy="Give the GLN or URI of the site inspected.")
    try:
        return parse_site(text)
    except InvalidIdentifier as error:
        raise InvalidInput(error.what, where="site", rule=error.rule, remedy=error.remedy) from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not _ZONED.fullmatch(moment.isoformat()):
        raise InvalidInput(
            f"{text[:80]!r} is no time with its zone",
            where="time",
            rule="ISO 8601",
            remedy="2026-01-31T08:00:00+08:00.",
        )
    return moment


def _report(text: str) -> str:
    """The report's URI; a mere number becomes one."""
    try:
        return parse_key(text)
    except InvalidIdentifier:
        return f"{NAMESPACE}report:{quote(text, safe='')}"


def _words() -> str:
    return ", ".join(RESULTS)
