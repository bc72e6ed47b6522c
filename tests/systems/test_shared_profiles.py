"""No fact of the drafts is lost: every quote, mark, figure and remark of them stands in our files, to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph_schema.profiles.loading import COMMON, SYSTEMS
from graph_schema.vocabulary import Kind, words_of

pytestmark = pytest.mark.corpora
Place = tuple[str | int, ...]


@pytest.fixture(scope="module")
def drafts(corpora: Path) -> Path:
    """The folder of the drafts, beside the shared corpora; a visible skip where it is absent."""
    folder = corpora.parent / "profiles"
    if not folder.is_dir():
        pytest.skip(f"no drafts at {folder}")
    return folder


def facts(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every scalar and where it stands."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from facts(each, (*place, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from facts(each, (*place, number))
    else:
        yield place, value


def remarks(text: str) -> set[str]:
    """What is said in comments."""
    return {found.strip() for found in re.findall(r"(?:^|\s)#\s+(.+)$", text, re.MULTILINE)}


def test_every_fact_of_a_draft_is_in_our_file(drafts: Path) -> None:
    """Values stand at the same places, quotes and status marks among them; remarks are kept."""
    names = sorted(file.name for file in drafts.glob("[a-z]*.yaml"))
    assert len(names) == 23
    for name in names:
        draft = (drafts / name).read_text(encoding="utf-8")
        ours = SYSTEMS.joinpath(name).read_text(encoding="utf-8")
        kept = dict(facts(yaml.safe_load(ours)))
        lost = {place: value for place, value in facts(yaml.safe_load(draft)) if kept.get(place) != value}
        assert lost == {}, name
        assert remarks(draft) <= remarks(ours), name


def test_every_fact_of_what_all_share_is_kept(drafts: Path) -> None:
    """Elements, measures and public fields have more of their own, CBV words are in cbv.yaml; the rest is as it was."""
    draft = yaml.safe_load((drafts / "_common.yaml").read_text(encoding="utf-8"))
    ours = yaml.safe_load(COMMON.read_text(encoding="utf-8"))
    assert set(draft["cbv"]["biz_steps"]) == words_of(Kind.BIZ_STEP)
    assert set(draft["cbv"]["dispositions"]) == words_of(Kind.DISPOSITION)
    for name, (zh, path, kind) in draft["kde"].items():
        element = ours["kde"][name]
        assert (element["zh"], element["path"], element["type"]) == (zh, path, kind)
    for group, measures in draft["completeness"].items():
        assert {name: measure["of"] for name, measure in ours["completeness"][group].items()} == measures
    assert {name: field["of"] for name, field in ours["public_fields"].items()} == draft["public_fields"]
    # A comma broke this remark of the draft in two: the second half became a key.
    vin = draft["identifiers"]["vin"]
    vin["note"] += "".join(f", {key}" for key in [*vin] if vin[key] is None)
    del vin["never reject"]
    same = {key: value for key, value in draft.items() if key not in ("cbv", "kde", "completeness", "public_fields")}
    kept = dict(facts(ours))
    assert {place: value for place, value in facts(same) if kept.get(place) != value} == {}
