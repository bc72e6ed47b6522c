"""Query schedules, as EPCIS 2.0 §8.2.5.3 says; their laws against a look at every second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.rest.subscribing.schedule import RANGES, Schedule, parse_schedule
from graph_schema.errors import InvalidInput
from graph_schema.interval import micros_of

SECOND = 1_000_000
NOW = micros_of(datetime(2026, 1, 5, 8, 30, tzinfo=UTC))


def element(name: str) -> st.SearchStrategy[tuple[str, set[int]]]:
    """A number, a range or a step of a field, as it is written, and what it lets through."""
    least, most = RANGES[name]
    number = st.integers(least, most)
    ranges = st.tuples(number, number).map(sorted)
    return st.one_of(
        number.map(lambda n: (str(n), {n})),
        ranges.map(lambda pair: (f"[{pair[0]}-{pair[1]}]", set(range(pair[0], pair[1] + 1)))),
        st.tuples(number, st.integers(1, 30)).map(lambda p: (f"{p[0]}/{p[1]}", set(range(p[0], most + 1, p[1])))),
    )


def field(name: str) -> st.SearchStrategy[tuple[str, set[int]]]:
    """Some elements of a field."""
    return st.lists(element(name), min_size=1, max_size=3).map(
        lambda some: (",".join(text for text, _ in some), set[int]().union(*(numbers for _, numbers in some)))
    )


def fields(*names: str) -> st.SearchStrategy[dict[str, tuple[str, set[int]]]]:
    """Some fields of these."""
    return st.fixed_dictionaries({}, optional={name: field(name) for name in names}).filter(bool)


def matches(told: dict[str, tuple[str, set[int]]], moment: datetime) -> bool:
    """Whether a second is a query time, as the standard's words have it, field by field."""
    values = {
        "second": moment.second,
        "minute": moment.minute,
        "hour": moment.hour,
        "dayOfMonth": moment.day,
        "month": moment.month,
        "dayOfWeek": moment.isoweekday(),
    }
    wanted = {name: numbers for name, (_, numbers) in told.items()}
    wanted.setdefault("second", {0})
    return all(values[name] in numbers for name, numbers in wanted.items())


def schedule(told: dict[str, tuple[str, set[int]]]) -> Schedule:
    """As it is parsed."""
    return parse_schedule({name: text for name, (text, _) in told.items()}, NOW)


@given(fields("second", "minute"), st.integers(0, 4_000_000_000_000_000))
def test_the_next_query_time_is_the_first_second_that_matches(
    told: dict[str, tuple[str, set[int]]], micros: int
) -> None:
    """Of the hour and a second that follow; a schedule of seconds and minutes matches within each."""
    begin = datetime.fromtimestamp(micros // SECOND, UTC)
    seconds = (begin + timedelta(seconds=number) for number in range(1, 3_602))
    assert schedule(told).after(micros) == micros_of(next(one for one in seconds if matches(told, one)))


@given(fields("minute", "hour", "dayOfMonth", "dayOfWeek"), st.integers(0, 4_000_000_000_000_000))
def test_a_schedule_of_days_matches_as_a_look_at_every_minute_says(
    told: dict[str, tuple[str, set[int]]], micros: int
) -> None:
    """Within two weeks; what comes later is no sooner."""
    begin = datetime.fromtimestamp(micros // SECOND, UTC).replace(second=0)
    minutes = (begin + timedelta(minutes=number) for number in range(1, 14 * 24 * 60))
    wanted = next((micros_of(one) for one in minutes if matches(told, one)), None)
    found = schedule(told).after(micros)
    assert found is not None
    if wanted is None:
        assert found >= micros_of(begin + timedelta(days=14))
    else:
        assert found == wanted


@given(fields(*RANGES), st.integers(0, 4_000_000_000_000_000))
def test_query_times_match_and_go_on(told: dict[str, tuple[str, set[int]]], micros: int) -> None:
    """Each is after the one before, and matches every field."""
    try:
        made = schedule(told)
    except InvalidInput:
        return  # No time matches.
    for _ in range(3):
        found = made.after(micros)
        assert found is not None
        assert found > micros
        assert matches(told, datetime.fromtimestamp(found // SECOND, UTC))
        micros = found


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({"hour": "1", "minute": "5"}, ["2026-01-06T01:05:00", "2026-01-07T01:05:00"]),
        ({"second": "0/30"}, ["2026-01-05T08:30:30", "2026-01-05T08:31:00"]),
        ({"second": "0", "minute": "0", "dayOfWeek": "[1-5]"}, ["2026-01-05T09:00:00", "2026-01-05T10:00:00"]),
        ({"hour": "2"}, ["2026-01-06T02:00:00", "2026-01-06T02:01:00"]),
        (
            {"month": "2", "dayOfMonth": "29", "hour": "0", "minute": "0"},
            ["2028-02-29T00:00:00", "2032-02-29T00:00:00"],
        ),
        (
            {"dayOfWeek": "7", "hour": "23", "minute": "59", "second": "59"},
            ["2026-01-11T23:59:59", "2026-01-18T23:59:59"],
        ),
    ],
)
def test_a_schedule_says_when(fields: dict[str, str], times: list[str]) -> None:
    """The examples of the standard, and days that are rare."""
    made, at = parse_schedule(fields, NOW), NOW
    for wanted in times:
        at = made.after(at) or 0
        assert at == micros_of(datetime.fromisoformat(wanted).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"second": "60"}, "schedule, second"),
        ({"minute": "*"}, "schedule, minute"),
        ({"hour": "[7-3]"}, "schedule, hour"),
        ({"hour": "3-7"}, "schedule, hour"),
        ({"dayOfMonth": "0"}, "schedule, dayOfMonth"),
        ({"month": "13"}, "schedule, month"),
        ({"dayOfWeek": "8"}, "schedule, dayOfWeek"),
        ({"minute": "0/0"}, "schedule, minute"),
        ({"minute": ""}, "schedule, minute"),
        ({"minute": "1,"}, "schedule, minute"),
        ({"minute": "٣"}, "schedule, minute"),
        ({"minute": "1," * 200}, "schedule, minute"),
        ({"year": "2026"}, "schedule, year"),
        ({"month": "2", "dayOfMonth": "30"}, "schedule"),
        ({}, "schedule"),
    ],
)
def test_a_schedule_that_is_wrong_is_refused(fields: dict[str, str], where: str) -> None:
    """By the field that is wrong."""
    with pytest.raises(InvalidInput) as refused:
        parse_schedule(fields, NOW)
    assert refused.value.where == where
