"""`suyuan demo --system NAME`: each story plays, and prints the answers that it expects."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo.stories import stories
from api.demo.story import ON_THE_WAY, Amounts, Expected
from api.demo.telling import Told
from api.labels import short_code
from engine.answer import Direction
from graph_schema.identifiers import canonical_key
from graph_schema.profiles import profiles
from tests.api.conftest import Suyuan
from tests.systems.arithmetic import BECAME, LOST, USED, ended_by_a_move, stock_by_arithmetic
from tests.systems.test_stories import told

KINDS = ("infant_formula", "edible_oil", "elevator", "civil_explosives", "cross_border")
"""Lots; contact with a vehicle; parts of a whole; codes in runs; single things, some on the way."""
PLAYED = [pytest.param(name, marks=() if name in KINDS else pytest.mark.slow) for name in stories()]
WIDE = "500"
LOWER_BOUND = "Gaps: the scope is a lower bound where these exist"
"""Columns of a terminal on which each row of a table is one line."""
UNITS = {"KGM": "kg", "LTR": "l", "TNE": "t"}
"""What people write for the units of measure of the stories."""

Row = dict[str, str]


def sections(out: str) -> dict[str, str]:
    """What stands under each heading, by the heading without its number."""
    parts = re.split(r"^━━ (?:\d+\. )?(.+)\n", out, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def table(section: str, heading: str) -> Iterator[Row]:
    """The rows of a table, each cell under its head; none where there is no such table."""
    lines = section.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()
    starts = [found.start() for found in re.finditer(r"(?<=  )\S|^\S", lines[0])] if lines else []
    cells = [
        [line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)] for line in lines
    ]
    for row in cells[1:]:
        yield dict(zip(cells[0], row, strict=True))


def said(names: tuple[str, ...]) -> str:
    """Names as a heading says them."""
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def heading_of(expected: Expected) -> str:
    """Under which a question of a story stands."""
    went = "go" if expected.direction is Direction.FORWARD else "come from"
    return f"Where did {said(expected.seeds)} {went}?"


def codes(telling: Told, names: tuple[str, ...]) -> set[str]:
    """The codes under which items are printed."""
    return {short_code(canonical_key(telling.item(name))) for name in names}


def label(telling: Told, name: str) -> str:
    """What an item is called in a table of stock: a lot or single thing by its number, any other by its key."""
    (code,) = codes(telling, (name,))
    return name if code.endswith((f"(10){name}", f"(21){name}")) else code


def total(cell: str, unit: str, *words: str) -> int:
    """The sum of the amounts in a cell, each in this unit and after one of these words, or first."""
    before = "".join(f"|{word} " for word in words)
    found = re.findall(rf"(?:^{before})([\d,]+) {unit}\b", cell)
    return sum(int(amount.replace(",", "")) for amount in found)


def stock_printed(section: str, telling: Told, name: str) -> Amounts:
    """Where a table has how much of an item, in its unit: held, gone from the chain, missing, on the way."""
    item = label(telling, name)
    unit = next((UNITS[uom] for uom, goods in telling.story.uom.items() if name in goods), "pieces?")
    found: Amounts = {}
    gone = lost = 0
    outlet = ""
    sent = {row["To"]: row["How much"] for row in table(section, "On the way: stop these") if row["Lot"] == item}
    for row in table(section, "What came, what went, what is still there"):
        outlet = row["Outlet"] or outlet
        if row["Lot"] == item and outlet not in sent:
            ended = total(row["Sold or used"], unit, "sold", "used", "destroyed")
            place_ended = (item, outlet) in {(label(telling, one), place) for one, place in ended_by_a_move(telling)}
            gone += 0 if place_ended else ended
            lost += total(row["Held"], unit, "unaccounted for") - total(row["Held"], unit)
            found[outlet] = ended if place_ended else total(row["Held"], unit)
    found |= {f"{ON_THE_WAY}{carrier}": total(amount, unit) for carrier, amount in sent.items()}
    return {place: amount for place, amount in (found | {USED: gone, LOST: lost}).items() if amount}


@pytest.mark.parametrize("name", PLAYED)
def test_a_story_plays_and_prints_what_it_expects(name: str, suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its title in both languages, each trace with its items and no others, the stock, the coverage on its day."""
    monkeypatch.setenv("COLUMNS", WIDE)
    ran, telling = suyuan("demo", "--system", name), told(name)
    assert (ran.code, ran.err) == (0, "")
    story, told_of = telling.story, sections(ran.out)
    for words in (telling.profile.label_zh, telling.profile.label_en, story.title_zh, story.title_en):
        assert words in ran.out.partition("━━")[0]
    for expected in story.expected:
        section = told_of[heading_of(expected)]
        rows = [*table(section, "Items")]
        assert {row["Code"] for row in rows} == codes(telling, (*expected.seeds, *expected.answer)), expected
        assert {row["Certainty"] for row in rows} == {"certain"}
        if expected.direction is Direction.FORWARD:
            be = "is" if len(expected.seeds) == 1 else "are"
            recall = told_of[f"If {said(expected.seeds)} {be} bad, what must be recalled, from whom?"]
            assert "Whom to call" in recall
    stock = stock_by_arithmetic(telling)
    for item, places in story.expected_stock.items():
        section = told_of[f"Where is how much of {said(tuple(story.expected_stock))}?"]
        gone = places.get(USED, 0) + stock[item].get(BECAME, 0)
        printed = stock_printed(section, telling, item)
        assert printed == places | ({USED: gone} if gone else {}), item
    coverage = told_of[f"How complete are the records, as of {story.asof}?"]
    assert {"link_rate", "kde_rate"} <= {line.split()[1] for line in coverage.splitlines() if line.startswith(name)}
    assert story.expected_words in " ".join(told_of["What it comes to"].split())


def test_every_product_system_has_a_story() -> None:
    """One each, and of nothing else."""
    assert set(stories()) == set(profiles().names())


def test_the_parts_of_a_lift_are_told_day_by_day(suyuan: Suyuan) -> None:
    """What a part was in on each day that the story asks of."""
    out = sections(suyuan("demo", "--system", "elevator").out)
    for asked in told("elevator").story.expected_asof:
        for part, wholes in asked.answer.items():
            section = out[f"What was {part} in on {asked.day}?"]
            assert all(f"{whole} " in section for whole in wholes)
            assert wholes or "Neither in nor on anything then" in section


def test_a_gap_of_a_recall_names_its_place_as_the_outlet_is_named(
    suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is to be called about it is found under the same name above."""
    monkeypatch.setenv("COLUMNS", WIDE)
    out = sections(suyuan("demo", "--system", "edible_oil").out)
    recall = out["If 豫A12345@06-03 is bad, what must be recalled, from whom?"]
    assert {row["Site"] for row in table(recall, LOWER_BOUND)} == {"crusher-K"}
    assert "crusher-K" in {row["Outlet"] for row in table(recall, "Whom to call")}


def test_the_sentence_of_a_gap_calls_places_and_items_as_the_tables_do(
    suyuan: Suyuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a trace and of a recall alike; no key stands in it."""
    monkeypatch.setenv("COLUMNS", WIDE)
    out = sections(suyuan("demo", "--system", "elevator").out)
    asked = {
        "Where did SG-1, SG-2 and SG-3 go?": "Gaps: what the records do not tell",
        "If SG-1, SG-2 and SG-3 are bad, what must be recalled, from whom?": LOWER_BOUND,
    }
    for section, heading in asked.items():
        rows = {(row["Item"], row["Site"], row["What is missing"]) for row in table(out[section], heading)}
        assert ("SG-2", "lift-Co", "seen at maint-M with no departure from lift-Co") in rows
        assert all(row[2] == "first recorded here; nothing tells where it came from" for row in rows if row[0] == "L-1")


@pytest.mark.parametrize("name", ["infant_formula", "edible_oil"])
def test_the_document_of_a_story_loads_by_itself(name: str, suyuan: Suyuan, tmp_path: Path) -> None:
    """It is EPCIS as any other, without a warning; its places have names."""
    suyuan("demo", "--system", name)
    loaded = suyuan("load", f"suyuan-demo-{name}.json", "--store", "sqlite:mine.db", "--json").json
    counted = {part: loaded[part] for part in ("accepted", "duplicates", "rejected", "warned")}
    assert counted == {"accepted": len(told(name).events), "duplicates": 0, "rejected": 0, "warned": 0}
    assert loaded["masters"] > 3
    assert (tmp_path / f"suyuan-demo-{name}.json").read_text(encoding="utf-8").startswith("{\n")


def test_a_store_of_one_s_own_is_kept(suyuan: Suyuan, tmp_path: Path) -> None:
    """Nothing is removed from it; without one, each demo begins afresh."""
    for _ in range(2):
        assert "12 events accepted, 0 were there already" in suyuan("demo", "--system", "elevator").out
    mine = ("demo", "--system", "elevator", "--store", "sqlite:mine.db")
    assert "12 events accepted, 0 were there already" in suyuan(*mine).out
    assert "0 events accepted, 12 were there already" in suyuan(*mine).out


def test_every_command_that_a_story_shows_runs(suyuan: Suyuan) -> None:
    """What stands behind a $ can be copied: it runs where the demo ran, on the demo's store."""
    shown = re.findall(r"^\$ suyuan (.+)$", suyuan("demo", "--system", "edible_oil").out, re.MULTILINE)
    assert len(shown) > 7
    for line in shown:
        assert suyuan(*shlex.split(line)).code == 0, line


def test_a_demo_whose_load_fails_ends_there(suyuan: Suyuan, tmp_path: Path) -> None:
    """With the reason, and nothing asked of a store that is none."""
    (tmp_path / "suyuan.db").write_text("no store", encoding="utf-8")
    ran = suyuan("demo", "--system", "dairy", "--store", "sqlite:suyuan.db")
    assert ran.code == 1
    assert "suyuan.db" in ran.err
    assert [*sections(ran.out)] == ["Load the events of the story"]


def test_a_story_that_is_not_there_is_refused(suyuan: Suyuan, tmp_path: Path) -> None:
    """With those that are; nothing is written."""
    ran = suyuan("demo", "--system", "../potions")
    assert (ran.code, ran.out) == (1, "")
    assert "there is no product system '../potions'" in ran.err
    assert "One of agri_edible, auto_part," in " ".join(ran.err.split())
    assert [*tmp_path.iterdir()] == []
