"""Two processes ask while one loads (design §5): each answer is of one state that was committed whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.api.conftest import Suyuan
from tests.safety.command import PATIENCE, environment
from tests.safety.command import suyuan as command_line
from tests.safety.inbox import fill

READER = """
import io, json, sys, time
from api.cli.main import main

def ask(store, *arguments):
    sys.stdout = io.TextIOWrapper(io.BytesIO())
    sys.stderr = io.StringIO()
    code = main([*arguments, "--store", store, "--json"])
    out, err = sys.stdout.buffer.getvalue(), sys.stderr.getvalue()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    assert code in (0, 1), (code, err)
    return json.loads(out) if code == 0 else json.loads(err)["error"]

warm, store, item, last = *sys.argv[1:4], int(sys.argv[4])
ask(warm, "stats")
ask(warm, "trace", "forward", item)
print("ready", flush=True)
seen = []
while not seen or seen[-1] < last:
    told = ask(store, "stats")
    if told.get("position"):
        seen.append(told["position"])
        trace = ask(store, "trace", "forward", item)
        seen.append(trace["ledger"]["position"])
        assert trace["complete"] and trace["items"], trace
    else:
        assert told.get("position") == 0 or told["type"] == "StoreError", told
        time.sleep(0.02)
assert seen == sorted(seen), seen
print(json.dumps(sorted(set(seen))))
"""


def test_two_processes_ask_while_one_loads(suyuan: Suyuan, tmp_path: Path) -> None:
    """Each reader sees whole files only and never goes back; the load completes, and the chain is sound."""
    inbox = fill(tmp_path / "inbox", files=40, seed=21)
    warm, store = f"sqlite:{tmp_path / 'warm.db'}", f"sqlite:{tmp_path / 'suyuan.db'}"
    assert suyuan("load", str(inbox.folder / "0000.ndjson"), "--store", warm).code == 0
    command = [sys.executable, "-c", READER, warm, store, inbox.events[0].whats[0].item, str(len(inbox.events))]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"ready\n"
    ended = command_line("load", str(inbox.folder), "--store", store, "--json")
    assert ended.code == 0, ended.err
    assert ended.json["accepted"] == len(inbox.events)
    for reader in readers:
        out, err = reader.communicate(timeout=PATIENCE)
        assert reader.returncode == 0, err.decode()
        positions = set(map(int, out.decode().strip("[]\n").split(",")))
        assert positions <= inbox.positions
        assert len(positions) > 1, "the readers came too late to see the load"
