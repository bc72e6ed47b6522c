"""Each kind of fault in a story is refused, with file, line and reason."""

from __future__ import annotations

import pytest

from api.demo.stories import STORIES, read_stories, stories
from graph_schema.errors import InvalidProfile
from graph_schema.profiles import profiles

FAULTS = {
    "what is no field": ("title_en:", "titel_en:", "unknown field `titel_en`"),
    "what is missing": ("  title_zh: 果园苹果检出禁用农药\n", "", "missing required field `title_zh`"),
    "an amount that is no number": ("{BX-1: 2500}", "{BX-1: many}", "Expected `int | float`, got `str`"),
    "a system that is not there": ("- profile: agri_edible", "- profile: potions", "`potions` is no product system"),
    "a second story": ("- profile: infant_formula", "- profile: agri_edible", "`agri_edible` has a story already"),
    "a day of asking that is none": ("asof: '2017-08-25'", "asof: '2017-08-32'", "`2017-08-32` is no day"),
    "a day of a record that is none": ("t: '2017-08-01', cte: apply", "t: soon, cte: apply", "`soon` is no day"),
    "a number given twice": ("{n: 2, t: '2017-08-03'", "{n: 1, t: '2017-08-03'", "1 is no number of its own"),
    "a number that is no hour": ("{n: 13, t: '2017-08-25'", "{n: 24, t: '2017-08-25'", "24 is no number of its own"),
    "an event that is not there": ("cte: issue_cert", "cte: issue_crt", "`issue_crt` is no event of agri_edible"),
    "a second event without a move": ("cte: issue_cert", "cte: issue_cert>test", "`issue_cert>test` is too many"),
    "a third event of a move": ("cte: ship>receive", "cte: ship>receive>test", "`ship>receive>test` is too many"),
    "two things at once": ("use: {BX-1: 500}", "use: {BX-1: 500}, out: {BX-3: 1}", "it is not one thing that happened"),
    "nothing at all": (", about: [AP-0821], note: pass", ", note: pass", "it is not one thing that happened"),
    "a move to nowhere": ("{BX-1: 2500}, to: market-M", "{BX-1: 2500}", "it does not move goods to a place"),
    "a place to go without a move": (
        "use: {BX-1: 500}",
        "use: {BX-1: 500}, to: x",
        "it does not move goods to a place",
    ),
    "a load without a vehicle": (", link: [[豫A12345@06-03], [CR-1b]]", "", "nothing tells which parts are in which"),
    "a part without a whole": ("about: [SG-2, L-2]", "about: [SG-2]", "nothing tells which parts are in which whole"),
    "what cannot fail": (
        "cte: apply_input, by: coop, link: [[PS-77]",
        "cte: apply_input, failed: true, by: coop, link: [[PS-77]",
        "`apply_input` is no check",
    ),
    "papers of another event": (
        "about: [AP-0821], note: pass",
        "about: [AP-0821], papers: {retest: {}}, note: pass",
        "`retest` is not what is recorded",
    ),
    "a paper that is no element": (
        "about: [AP-0821], note: pass",
        "about: [AP-0821], papers: {test: {tset_report: T-1}}, note: pass",
        "`tset_report` is no key data element of papers",
    ),
    "an element that stands on no paper": (
        "about: [AP-0821], note: pass",
        "about: [AP-0821], papers: {test: {lot: L-1}}, note: pass",
        "`lot` is no key data element of papers",
    ),
    "a question without a way": ("{forward: [PS-77], answer", "{answer", "it is not asked one way"),
    "an answer that no record names": ("answer: [AP-0820, BX-1, plot-1]", "answer: [AP-1]", "`AP-1` is in no record"),
    "stock that no record names": ("expected_stock: {AP-0820:", "expected_stock: {AP-2:", "`AP-2` is in no record"),
    "a place that no record names": ("{AP-0820: {coop: 2000}", "{AP-0820: {barn: 2000}", "`barn` is in no record"),
    "a unit that is none": ("uom: {KGM: [AP-0820,", "uom: {KILO: [AP-0820,", "`KILO` is no unit of measure"),
    "a unit of what no record names": ("uom: {KGM: [AP-0820,", "uom: {KGM: [AP-1,", "`AP-1` is in no record"),
    "two units of one thing": ("{KGM: [TC-1], LTR: [EC-7]}", "{KGM: [TC-1], LTR: [TC-1]}", "`TC-1` has a unit already"),
    "a whole that no record names": ("SG-2: [L-2, tower-B], SG-3", "SG-2: [L-8], SG-3", "`L-8` is in no record"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_story_with_a_fault_is_refused(kind: str) -> None:
    """With the line that has it, and the reason."""
    right, wrong, told = FAULTS[kind]
    text = STORIES.read_text(encoding="utf-8")
    assert right in text
    with pytest.raises(InvalidProfile) as refused:
        read_stories("mine.yaml", text.replace(right, wrong, 1), profiles())
    line = text[: text.index(right)].count("\n") + 1
    (first, *_) = [one for one in refused.value.what.splitlines() if told in one]
    place, _, _ = first.partition(": ")
    assert abs(int(place.removeprefix("mine.yaml:")) - line) <= 1, first
    assert first.endswith("]"), "the rule"


def test_every_fault_is_told_at_once() -> None:
    """In the order of the file."""
    text = STORIES.read_text(encoding="utf-8")
    text = text.replace("cte: issue_cert", "cte: issue_crt", 1).replace("asof: '2017-09-15'", "asof: soon", 1)
    with pytest.raises(InvalidProfile) as refused:
        read_stories("mine.yaml", text, profiles())
    assert len(refused.value.what.splitlines()) == 2


def test_the_stories_shipped_have_none() -> None:
    """They are read as the others are."""
    text = STORIES.read_text(encoding="utf-8")
    assert read_stories("mine.yaml", text, profiles()) == stories()
