"""Times as EPCIS writes them, to intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_schema.errors import InvalidEvent
from graph_schema.interval import Interval, instant
from loaders.moment import is_day, offset_of, parse_moment, parse_offset

_CHINA = timezone(timedelta(hours=8))
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9998, 12, 30), timezones=_ZONES))  # noqa: DTZ001
def test_every_moment_with_its_offset(moment: datetime) -> None:
    """A moment written with its offset is that instant, to the microsecond, whatever zone surrounds it."""
    assert parse_moment(moment.isoformat(), _CHINA) == instant(moment)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05T08:30:00Z", datetime(2026, 1, 5, 8, 30, tzinfo=UTC)),
        ("2026-01-05t08:30:00z", datetime(2026, 1, 5, 8, 30, tzinfo=UTC)),
        ("2026-01-05T08:30:00.1234567+08:00", datetime(2026, 1, 5, 0, 30, 0, 123456, UTC)),
        ("2026-01-05T08:30:00", datetime(2026, 1, 5, 0, 30, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    """Every spelling of an instant is that instant; without an offset, that of the event holds."""
    assert parse_moment(text, _CHINA) == instant(moment)


def test_day() -> None:
    """A date alone is that whole day in the offset of the event."""
    first = instant(datetime(2026, 1, 5, tzinfo=_CHINA)).earliest
    assert parse_moment("2026-01-05", _CHINA) == Interval(first, first + 86_400_000_000 - 1)
    assert is_day("2026-01-05")
    assert not is_day("2026-01-05T08:30:00Z")


@pytest.mark.parametrize(
    "text",
    ["", "22-07-2026", "2026-13-01", "2026-02-30T00:00:00Z", "2026-01-05T24:00:00Z", "2026-W02", "20260105",
     "2026-01-05 08:30:00Z", "2026-01-05T08:30:00+15:00", "٢٠٢٦-01-05", "2026-01-05T08:30:00Z "],
)  # fmt: skip
def test_no_moment(text: str) -> None:
    """What is no ISO 8601 moment is refused with words that say so."""
    with pytest.raises(InvalidEvent, match=r"is no (date and time|offset)"):
        parse_moment(text, _CHINA)


def test_no_zone() -> None:
    """A time without any offset cannot be placed."""
    with pytest.raises(InvalidEvent, match="which time zone"):
        parse_moment("2026-01-05T08:30:00", None)


@pytest.mark.parametrize("text", ["+14:01", "+2:00", "0200", "", "+10:60", "Z"])
def test_no_offset(text: str) -> None:
    """An offset is written +hh:mm and is at most 14 hours."""
    with pytest.raises(InvalidEvent):
        parse_offset(text)


@pytest.mark.parametrize(
    ("text", "offset"),
    [("2026-01-05T08:30:00+08:00", "+08:00"), ("2026-01-05T08:30:00Z", "+00:00"), ("2026-01-05", None), ("x", None)],
)
def test_offset_of(text: str, offset: str | None) -> None:
    """A moment tells the offset it is written in, if any."""
    assert offset_of(text) == offset
