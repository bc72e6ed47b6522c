"""docs/product-systems.md, made from the profiles: `python docs/systems_page.py` writes it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parent / "product-systems.md"
sys.path.insert(0, str(PAGE.parents[1]))

from api.system_facts import Entry, Section, sections_of  # noqa: E402
from api.systems import System, systems_of, tickets_of  # noqa: E402
from graph_schema.profiles import profiles  # noqa: E402

HEAD = """# The product systems

Suyuan serves the traceability systems of a public paper: {doc} of {issuer}, {date}. Each system is a file of
`graph_schema/profiles/systems`, and this page is made from them (`make systems-page`). What a profile is, and how to
write one of your own, is told in [ADR 0023](adr/0023-profiles.md); `suyuan systems NAME` shows one in full, and
`suyuan demo --system NAME` plays a story of it.

**How sure a fact is.** `verified`: read in a source. `verified_local`: read in a rule of a province or city. `draft`:
read in a draft for consultation. `memory`: not verified. `proposed`: ours, no law behind it. What is unverified is
never shown as law, and a check that is `unknown` never refuses a code. All targets of measures are proposed.
"""


def page() -> str:
    """The whole page."""
    paper = profiles().common.paper
    systems = systems_of(profiles())
    parts = [HEAD.format(doc=paper.doc, issuer=paper.issuer, date=paper.date), _overview(systems), _measures()]
    return "\n".join([*parts, *(_chapter(system) for system in systems)])


def write_page(path: Path = PAGE) -> None:
    """Write it."""
    path.write_text(page(), "utf-8")


def _overview(systems: Iterable[System]) -> str:
    rows = (
        (
            f"[{s.name}](#{s.name})",
            s.zh,
            s.en,
            s.section,
            ", ".join(d.zh for d in s.lead),
            " > ".join(g.en for g in s.stages),
        )
        for s in systems
    )
    return "## All\n\n" + _table(("system", "", "", "paper", "lead", "stages"), rows)


def _measures() -> str:
    common = profiles().common
    rows = (
        (f"`{name}`", group, measure.zh, measure.en, measure.of, _number(common.targets_default.get(name)))
        for group, some in common.completeness.items()
        for name, measure in some.items()
    )
    measures = "## Measures of all\n\n" + _table(("measure", "", "", "", "what is counted", "usual target"), rows)
    usual = ((t.of, t.tickets, t.status) for t in tickets_of(common.inspection_default))
    told = "In a random inspection ([ADR 26](adr/0026-draws.md)), where a system has no weights of its own:\n"
    return f"{measures}\n{told}\n" + _table(("of", "tickets", "status"), usual)


def _chapter(system: System) -> str:
    own = [m for m in system.measures if m.group == "own" or m.id in system.profile.completeness.targets]
    drawn = [] if system.inspection == tickets_of(profiles().common.inspection_default) else system.inspection
    parts = [
        f"## {system.name}\n\n**{system.zh}** · {system.en} · paper {system.section}: “{system.quote_zh}”\n",
        _table(
            ("stage", "", "", "subjects", "next", "recorded events"),
            ((f"`{s.id}`", s.zh, s.en, _codes(s.subjects), _codes(s.next), _codes(s.events)) for s in system.stages),
        ),
        *(_section(section) for section in sections_of(system.profile, profiles())),
        _table(
            ("measure", "what is counted", "target"),
            ((f"`{m.id}`", m.of, "" if m.target is None else _number(m.target)) for m in own),
        ) if own else "",
        _table(
            ("in a random inspection", "tickets", "status"), ((t.of, t.tickets, t.status) for t in drawn)
        ) if drawn else "",
        "Not verified: " + "; ".join(system.unverified) + ".\n",
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _section(section: Section) -> str:
    """A table of the parts of a profile of one kind; nothing where there are none."""
    rows = (
        (_called(entry), "<br>".join(f"{head}: {_told(head, text)}" for head, text in entry.facts))
        for entry in section.entries
    )
    return _table((section.heading.casefold(), ""), rows) if section.entries else ""


def _called(entry: Entry) -> str:
    return " ".join(filter(None, (entry.id and f"`{entry.id}`", entry.zh, entry.en)))


def _told(head: str, text: str) -> str:
    """As it is; patterns and examples as code, a line each."""
    if head in ("pattern", "example"):
        return "<br>".join(f"`{line}`" for line in text.split("\n"))
    return text.replace("<", "&lt;").replace("\n", "<br>")


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    write_page()
