"""Seafood and beef chains of others, drawn by hand in gftc_chains.yaml before the engine was asked about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.answer import Certainty, Direction, Trace
from graph_schema.identifiers import site_of_place, take_identifier
from tests.corpora.loaded import Loaded, loaded
from tests.loaders import others

pytestmark = pytest.mark.corpora

FOLDER = "ift-gftc-opentraceability"
DRAWN = yaml.safe_load(Path(__file__).with_name("gftc_chains.yaml").read_text("utf-8"))

Tree = dict[str, Any]
Shown = dict[str, set[str]]
Open = Callable[[Tree], Loaded]


def _named(chain: Tree) -> str:
    return "+".join(Path(name).stem for name in chain["documents"])


def _direction(ask: Tree) -> Direction:
    return Direction.FORWARD if "forward" in ask else Direction.BACK


CHAINS = [pytest.param(chain, id=_named(chain)) for chain in DRAWN["chains"]]
QUESTIONS = [
    pytest.param(chain, ask, id=f"{_named(chain)}: {_direction(ask)} {ask[_direction(ask)]}")
    for chain in DRAWN["chains"]
    for ask in chain["asks"]
]


@pytest.fixture(scope="module")
def documents(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens the documents of a chain, each chain once."""
    known: dict[str, Loaded] = {}
    with ExitStack() as opened:

        def open_documents(chain: Tree) -> Loaded:
            if (name := _named(chain)) not in known:
                folder = tmp_path_factory.mktemp("store")
                known[name] = opened.enter_context(loaded(folder, _paths(corpora, chain)))
            return known[name]

        yield open_documents


@pytest.mark.parametrize(("chain", "ask"), QUESTIONS)
def test_the_chain_a_person_draws(documents: Open, chain: Tree, ask: Tree) -> None:
    """The engine gives the items and sites, certain and possible, that a person drew from reading the documents."""
    answer = _answer(documents(chain), chain, ask)
    shown = {certainty.value: _shown(answer, certainty, chain) for certainty in Certainty}
    assert shown == {certainty.value: _wanted(ask, certainty) for certainty in Certainty}
    if "unknown place" in ask:
        assert answer.unknown_place == ask["unknown place"]


@pytest.mark.parametrize("chain", CHAINS)
def test_every_event_of_a_chain_loads(corpora: Path, documents: Open, chain: Tree) -> None:
    """No event of a document is refused, also where it breaks rules of a profile; none is lost in the ledger."""
    told = documents(chain)
    assert not told.refused
    assert len(told.events) == sum(path.read_text().count('"eventTime"') for path in _paths(corpora, chain))
    assert told.snapshot.ledger.head().position == len(told.events)


@pytest.mark.parametrize("chain", CHAINS)
def test_sites_are_called_as_master_data_call_them(corpora: Path, documents: Open, chain: Tree) -> None:
    """Each site of an answer has the name that its document gives it, and none where the document gives none."""
    names = {key: name for path in _paths(corpora, chain) for key, name in _site_names(path)}
    answers = [_answer(documents(chain), chain, ask) for ask in chain["asks"]]
    called = {site.id: site.name for answer in answers for site in answer.sites}
    assert called == {site: names.get(site) for site in called}


@pytest.mark.parametrize("name", DRAWN["refused"])
def test_what_is_no_document_is_refused(corpora: Path, tmp_path: Path, name: str) -> None:
    """A file without an event to follow ends in a refusal that says why, and in nothing else."""
    with loaded(tmp_path, [corpora / FOLDER / name]) as told:
        assert not told.events
        assert told.refused
        assert all(finding.what for refused in told.refused for finding in refused.findings)


def test_every_document_is_drawn(corpora: Path) -> None:
    """No JSON file of the folder is passed over."""
    drawn = {name for chain in DRAWN["chains"] for name in chain["documents"]} | set(DRAWN["refused"])
    assert drawn == {str(path.relative_to(corpora / FOLDER)) for path in others.files(corpora, FOLDER)}


def _paths(corpora: Path, chain: Tree) -> list[Path]:
    return [corpora / FOLDER / name for name in chain["documents"]]


def _answer(told: Loaded, chain: Tree, ask: Tree) -> Trace:
    direction = _direction(ask)
    return told.ask(chain["items"][ask[direction]], direction)


def _shown(answer: Trace, certainty: Certainty, chain: Tree) -> Shown:
    """What an answer holds of a certainty, in the words of the chain."""
    return {
        kind: _in_words((thing.id for thing in things if thing.certainty is certainty), chain.get(kind, {}))
        for kind, things in (("items", answer.items), ("sites", answer.sites))
    }


def _in_words(keys: Iterable[str], words: dict[str, str]) -> set[str]:
    """Words for keys; a site is called by the one place in it that a document names (design §2)."""
    called = {site_of_place(take_identifier(text)[0].key): word for word, text in words.items()}
    return {called.get(site_of_place(key), key) for key in keys}


def _wanted(ask: Tree, certainty: Certainty) -> Shown:
    drawn = ask.get(certainty.value, {})
    return {kind: set(drawn.get(kind, ())) for kind in ("items", "sites")}


def _site_names(path: Path) -> list[tuple[str, str]]:
    """The key and name of each place in a document's master data, as another JSON reader sees them."""
    lines = path.read_text("utf-8-sig").splitlines()
    header = json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//"))).get("epcisHeader", {})
    master_data = header.get("epcisMasterData") or header.get("EPCISMasterData") or {}
    return [
        (take_identifier(element["id"])[0].key, attribute["attribute"])
        for vocabulary in master_data.get("vocabularyList", ())
        if vocabulary["type"].lower().endswith(":location")
        for element in vocabulary["vocabularyElementList"]
        for attribute in element["attributes"]
        if attribute["id"].endswith("#name")
    ]
