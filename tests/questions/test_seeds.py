"""Seeds from text."""

from __future__ import annotations

import pytest

from engine.question import EventSeed, ItemSeed, LoadSeed, SiteSeed, TransformationSeed, Window
from engine.seeds import parse_seed, parse_time
from graph_schema.errors import InvalidIdentifier, InvalidInput
from graph_schema.interval import Interval
from tests.questions.telling import day

LOT = "https://id.gs1.org/01/10614141000019/10/X"


@pytest.mark.parametrize(
    "text",
    [
        "urn:epc:class:lgtin:0614141.100001.X",
        "(01)10614141000019(10)X",
        LOT,
        "https://example.com/01/10614141000019/10/X",
    ],
)
def test_every_spelling_of_an_item_is_one_seed(text: str) -> None:
    """An item may be spelt as URN, element string or Digital Link of any domain."""
    assert parse_seed(text) == ItemSeed(LOT)


def test_prefixes_name_the_other_kinds_of_seed() -> None:
    """`event:`, `transformation:`, `site:` and `load:` say what the rest names."""
    assert parse_seed("event:urn:uuid:1") == EventSeed("urn:uuid:1")
    assert parse_seed("transformation:urn:x:batch") == TransformationSeed("urn:x:batch")
    assert parse_seed("site:urn:epc:id:sgln:0614141.00001.0") == SiteSeed("https://id.gs1.org/414/0614141000012")
    pallet = "https://id.gs1.org/00/106141410000000019"
    assert parse_seed("load:urn:epc:id:sscc:0614141.1000000001") == LoadSeed(pallet)
    instant = Window(day(2), day(2))
    assert parse_seed("load:urn:epc:id:sscc:0614141.1000000001@2026-01-02T00:00:00Z") == LoadSeed(pallet, instant)


def test_digits_alone_are_a_site_or_a_container_where_one_is_asked_for() -> None:
    """A GLN after `site:` or as `--at`, an SSCC after `load:`, as they stand on a form; check digits are judged."""
    site, pallet = "https://id.gs1.org/414/0614141000012", "https://id.gs1.org/00/106141410000000019"
    assert parse_seed("site:0614141000012") == SiteSeed(site)
    assert parse_seed(LOT, at=" 0614141000012 ") == ItemSeed(LOT, site)
    assert parse_seed("load:106141410000000019") == LoadSeed(pallet)
    assert parse_seed("load:106141410000000019@2026-01-02") == LoadSeed(pallet, Window(day(2), day(3) - 1))
    with pytest.raises(InvalidIdentifier, match="check digit"):
        parse_seed("site:0614141000013")


def test_a_site_and_a_window_narrow_an_item() -> None:
    """An item is narrowed by where and when; both bounds of the window are included."""
    seed = parse_seed(LOT, at="urn:epc:id:sgln:0614141.00001.0", since="2026-01-02T00:00:00Z", until="2026-01-03")
    assert seed == ItemSeed(LOT, "https://id.gs1.org/414/0614141000012", Window(day(2), day(4) - 1))


def test_a_date_alone_is_the_whole_day_in_its_zone() -> None:
    """A day runs from midnight to the last microsecond, in UTC unless a zone is given."""
    assert parse_time("2026-01-02") == Interval(day(2), day(3) - 1)
    assert parse_time("2026-01-02+08:00") == Interval(day(2 - 8 / 24), day(3 - 8 / 24) - 1)
    assert parse_time("20260102") == parse_time("2026-01-02")


@pytest.mark.parametrize("text", ["0001-01-01", "0001-01-01+14:00", "9999-12-31", "9999-12-31-14:00"])
def test_the_first_and_the_last_day_of_the_calendar(text: str) -> None:
    """They are days as others, of which people say `ever` and `never`."""
    found = parse_time(text)
    assert found.latest - found.earliest == day(2) - day(1) - 1


@pytest.mark.parametrize("text", ["2026-01-02T08:00", "2026-W01-5", "2026-01-02 08:00:00", "20260102T0800"])
def test_what_is_advised_for_a_time_without_zone_is_a_time(text: str) -> None:
    """Both spellings that the error tells to write are read."""
    with pytest.raises(InvalidInput, match="no zone") as refused:
        parse_time(text)
    first, second = (refused.value.remedy or "").removeprefix("Write ").removesuffix(".").split(" or ")
    assert parse_time(first).earliest - parse_time(second).earliest == day(8 / 24) - day(0)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        (LOT, "2026-01-02T00:00:00", None),
        (LOT, "soon", None),
        (LOT, "2026-02-30", None),
        (LOT, "2026-01-03", "2026-01-02"),
        ("event:urn:uuid:1", "2026-01-02", None),
        ("load:urn:epc:id:sscc:0614141.1000000001@yesterday", None, None),
    ],
)
def test_what_is_no_time_or_no_bound_is_refused(text: str, since: str | None, until: str | None) -> None:
    """A time without a zone, no time, a window that ends before it begins, or a bound that does not fit: refused."""
    with pytest.raises(InvalidInput) as refused:
        parse_seed(text, since=since, until=until)
    assert refused.value.remedy or refused.value.where


def test_a_wrong_check_digit_is_refused() -> None:
    """A key that breaks a GS1 rule is refused as such."""
    with pytest.raises(InvalidIdentifier):
        parse_seed("(01)10614141000018(10)X")
