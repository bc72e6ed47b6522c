"""The tables of docs/neo4j.md, made from graph_schema: `python docs/graph_tables.py` writes them into the page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).parent / "neo4j.md"
sys.path.insert(0, str(PAGE.parents[1]))

from graph_schema.property_graph import BOOKS, LABELS, RELATIONSHIPS, SITE_ROLES  # noqa: E402

BEGIN, END = "<!-- The words: make graph-page -->", "<!-- End of the words -->"


def tables() -> str:
    """Labels, relationships, properties of each, roles and books."""
    parts = (
        _table(("label", "beside", "what it is"), _labels()),
        _table(("relationship", "from → to", "what it says"), _relationships()),
        _table(("of", "property", "what it says"), _properties()),
        _table(
            ("role of a site", "words of master data"),
            ((_code(label), ", ".join(SITE_ROLES[label])) for label in SITE_ROLES),
        ),
        _table(("book", "what is in it"), ((_code(book), meaning) for book, meaning in BOOKS.items())),
    )
    return "\n\n".join(parts)


def write_page(page: Path = PAGE) -> None:
    """Put the tables between the marks of the page."""
    text = page.read_text("utf-8")
    page.write_text(f"{text.split(BEGIN)[0]}{BEGIN}\n\n{tables()}\n\n{END}{text.split(END)[1]}", "utf-8")


def _labels() -> Iterable[tuple[str, ...]]:
    for label, told in LABELS.items():
        yield _code(label), _code(told.beside) if told.beside else "", told.meaning


def _relationships() -> Iterable[tuple[str, ...]]:
    for kind, told in RELATIONSHIPS.items():
        ends = ", ".join(f"{_code(start)} → {_code(end)}" for start, end in told.ends)
        yield _code(kind), ends, told.meaning


def _properties() -> Iterable[tuple[str, ...]]:
    """One row for all that have a property of one meaning."""
    words: dict[tuple[str, str], list[str]] = {}
    for word, told in (*LABELS.items(), *RELATIONSHIPS.items()):
        for one in told.properties.items():
            words.setdefault(one, []).append(_code(word))
    for (name, meaning), of in words.items():
        yield ", ".join(of), _code(name), meaning


def _code(word: str) -> str:
    return f"`{word}`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    write_page()
