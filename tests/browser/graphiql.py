"""GraphiQL in a browser. In: a page. Out: its tabs, and what each answers."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.chromium import Page

TABS = "document.querySelectorAll('.graphiql-tab-button')"
QUERY = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
ANSWER = "document.querySelector('.result-window .CodeMirror').CodeMirror"


def open_graphiql(page: Page, url: str) -> int:
    """Open it; how many tabs it has once it knows the schema."""
    page.open(f"{url}/graphiql")
    page.wait("!!document.querySelector('.graphiql-execute-button')")
    page.wait("!document.querySelector('.graphiql-spinner')")
    return int(page.wait(f"{TABS}.length"))


def run_tab(page: Page, number: int) -> tuple[str, Any]:
    """The name of a tab, and what it answers when it is run."""
    name = str(page.value(f"{TABS}[{number}].click(), {TABS}[{number}].textContent"))
    page.wait(f"{QUERY}.operationName === '{name}' && {ANSWER}.getValue() === ''")
    page.value("document.querySelector('.graphiql-execute-button').click()")
    return name, json.loads(page.wait(f"{ANSWER}.getValue()"))
