"""A contract holds whole: no store overrides, adds to, skips or leaves out any of it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.stores.contract import Contract

HERE = Path(__file__).parent
CONTRACTS = (
    "contract_ledger",
    "contract_lookup",
    "contract_masters",
    "contract_graph",
    "contract_kin",
    "contract_sharing",
    "contract_jobs",
    "contract_events",
    "contract_queries",
    "contract_subscriptions",
)
STORES = sorted(
    file.stem for file in HERE.glob("test_*.py") if "Contract)" in file.read_text() and file != Path(__file__)
)


def contracts() -> set[type[Contract]]:
    """The contract suites, one a port."""
    for name in CONTRACTS:
        importlib.import_module(f"tests.stores.{name}")
    return {cls for cls in Contract.__subclasses__() if cls.__module__.startswith("tests.stores.contract_")}


def test_there_is_a_store_to_hold() -> None:
    """The embedded store is among those held to the contracts."""
    assert "test_sqlite" in STORES


@pytest.mark.parametrize("name", STORES)
def test_a_store_takes_every_contract_whole(name: str) -> None:
    """A store's test file has one class a contract, with no name, mark or skip of its own."""
    module = importlib.import_module(f"tests.stores.{name}")
    suites = [value for value in vars(module).values() if isinstance(value, type) and value.__bases__[0] in contracts()]
    assert {suite.__bases__[0] for suite in suites} == contracts()
    assert len(suites) == len(contracts())
    for suite in suites:
        assert suite.__name__.startswith("Test")
        own = {key for key in vars(suite) if not key.startswith("__")}
        assert own == set()
    assert not hasattr(module, "pytestmark")
    assert not [key for key in vars(module) if key.startswith("pytest_")]


@pytest.mark.parametrize("name", ["test_an_empty_ledger", "pytestmark", "store", "__test__", "__init__"])
def test_a_suite_that_adds_or_overrides_is_refused(name: str) -> None:
    """A class that takes a contract and defines anything of its own cannot be made."""
    for contract in contracts():
        with pytest.raises(TypeError, match="a contract holds as it is"):
            type("TestOurs", (contract,), {name: None})
