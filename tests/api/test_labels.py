"""Values in the words that people read: whatever a record may hold has a label."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from api.labels import day_of, quantity, time_of
from engine.answer import QuantityRange
from graph_schema.event import Event, EventType
from graph_schema.interval import instant


def _at(moment: str, zone: str) -> Event:
    return Event(id="e", type=EventType.OBJECT, time=instant(datetime.fromisoformat(moment)), zone=zone)


def test_the_day_is_the_one_where_the_event_was() -> None:
    """A time is shown in the zone of the event, which may be on another day than in UTC."""
    event = _at("2026-01-05T20:30:00+00:00", "+08:00")
    assert (day_of(event), time_of(event)) == ("2026-01-06", "2026-01-06T04:30+08:00")


@pytest.mark.parametrize(
    ("moment", "zone"), [("0001-01-01T00:00:00+00:00", "-14:00"), ("9999-12-31T23:59:59+00:00", "+14:00")]
)
def test_the_ends_of_the_calendar_have_a_day(moment: str, zone: str) -> None:
    """Where the calendar has no such day in the zone of the event, the one of UTC is shown."""
    event = _at(moment, zone)
    assert (day_of(event), time_of(event)) == (moment[:10], moment[:16] + "+00:00")


@pytest.mark.parametrize(
    ("low", "high", "uom", "said"),
    [
        ("600", "600", "KGM", "600 kg"),
        ("1", "1", None, "1 piece"),
        ("1", "1", "EA", "1 piece"),
        ("0", "1", None, "up to 1 piece"),
        ("1", "2", None, "1 to 2 pieces"),
        ("1", None, None, "at least 1 piece"),
        ("0", None, "LTR", "? l"),
        ("0.50", "0.50", None, "0.5 pieces"),
        ("1E+4", "1E+4", "KGM", "10,000 kg"),
    ],
)
def test_an_amount_in_words(low: str, high: str | None, uom: str | None, said: str) -> None:
    """A range is said with its unit, one piece as one."""
    assert quantity(QuantityRange(Decimal(low), None if high is None else Decimal(high), uom)) == said
