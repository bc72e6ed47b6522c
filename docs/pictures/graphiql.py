"""Make graphiql.png, GraphiQL with a recall scope of the demo: `python docs/pictures/graphiql.py [FOLDER]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent.parent)]

from tests.api.served import demo_store, served  # noqa: E402
from tests.browser.chromium import MISSING, chromium, page  # noqa: E402
from tests.browser.graphiql import open_graphiql, run_tab  # noqa: E402

RECALL = 2
"""The tab of the recall scope."""
WIDTH, HEIGHT = 1400, 850


def make(folder: Path) -> Path:
    """Write the picture; the file."""
    with tempfile.TemporaryDirectory() as name, served(demo_store(Path(name))) as server, page(WIDTH, HEIGHT) as opened:
        open_graphiql(opened, server.url)
        run_tab(opened, RECALL)
        opened.wait("document.querySelectorAll('.result-window .CodeMirror-line').length > 20")
        path = folder / "graphiql.png"
        path.write_bytes(opened.picture())
    return path


if __name__ == "__main__":
    if chromium() is None:
        sys.stderr.write(f"graphiql.png stays as it is: {MISSING}\n")
    else:
        make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
