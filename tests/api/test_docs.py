"""The documents: every command, option and setting is told, every README command runs, every link leads somewhere."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from api.cli.main import app
from api.demo import outbreak
from api.settings import VARIABLES
from tests.api.conftest import Suyuan

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Every command by its full name."""
    waiting = [("suyuan", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        if isinstance(command, typer.core.TyperGroup):
            waiting.extend((f"{name} {word}", inner) for word, inner in command.commands.items())
        else:
            yield name, command


@pytest.mark.parametrize(("name", "command"), sorted(commands(), key=lambda pair: pair[0]))
def test_every_command_and_option_is_in_the_docs(name: str, command: typer.core.TyperCommand) -> None:
    """docs/cli.md names the command and each of its options; its help has an example."""
    assert f"`{name}" in CLI
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--"):
                assert f"`{option}" in CLI, option
    assert "Example" in (command.epilog or "")
    assert name in (command.epilog or "")


@pytest.mark.parametrize("group", [(), ("recall",), ("exchange",)], ids=["suyuan", "recall", "exchange"])
def test_the_list_of_commands_says_of_each_what_it_does(group: tuple[str, ...], suyuan: Suyuan) -> None:
    """In a sentence that stands there whole."""
    listed = suyuan(*group, "--help").out.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_every_setting_is_in_the_docs() -> None:
    """docs/cli.md tells every environment variable that is read, and no other of ours."""
    assert all(f"`{variable}`" in CLI for variable in VARIABLES)
    assert set(re.findall(r"SUYUAN_[A-Z0-9_]+", CLI)) == {name for name in VARIABLES if name.startswith("SUYUAN_")}
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "api").rglob("*.py"))
    assert set(re.findall(r"SUYUAN_[A-Z0-9_]+", sources)) == {name for name in VARIABLES if name.startswith("SUYUAN_")}


def test_the_commands_of_the_readme_run(suyuan: Suyuan, tmp_path: Path) -> None:
    """Each `suyuan` line of the README ends well, in the order written, in a folder that has the shipped outbreak."""
    (tmp_path / "api" / "demo").mkdir(parents=True)
    shutil.copy(outbreak(), tmp_path / "api" / "demo")
    lines = re.findall(r"^suyuan (.+)$", README, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        assert suyuan(*shlex.split(line)).code == 0, line
    assert (tmp_path / "recall.xlsx").exists()


def test_the_picture_of_the_readme_is_what_is_printed(loaded: Suyuan) -> None:
    """The chain that the README shows is the chain that the demo draws."""
    shown = re.search(r"```\n(TK-S1 .+?)```", README, re.DOTALL)
    assert shown is not None
    assert shown.group(1) in loaded("trace", "forward", "urn:epc:class:lgtin:9521101.000001.TK-S1").out


@pytest.mark.parametrize("page", [README, CLI], ids=["README.md", "docs/cli.md"])
def test_make_targets_that_are_named_exist(page: str) -> None:
    """A `make` target that the page names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make ([a-z-]+)", page)) - {"it", "is"}:
        if f"`make {target}" in page or f"\nmake {target}" in page:
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page leads to a file of the repository."""
    text = re.sub(r"`[^`\n]*`", "", (ROOT / page).read_text(encoding="utf-8"))
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


PACKAGES = ("graph_schema", "loaders", "engine", "api")


@pytest.mark.parametrize("package", PACKAGES)
def test_a_rule_that_is_shown_can_be_looked_up(package: str) -> None:
    """No text that a user may see names a page that is not in the repository; those named there are."""
    for path in (ROOT / package).rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                assert not re.search(r"\bdesign (§|rule)", node.value), f"{path}:{node.lineno}"
                named = re.findall(r"\bdocs/[\w/.-]+\.md\b", node.value)
                assert [page for page in named if not (ROOT / page).exists()] == [], f"{path}:{node.lineno}"
