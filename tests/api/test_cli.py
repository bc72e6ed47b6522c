"""The command line itself: help, refusals, terminals, signals and the environment."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from api.demo import BAD_TANK, COMPLAINED, outbreak
from tests.api.conftest import Suyuan
from tests.api.outbreak_words import DAIRY, commissioned, write_lines

COMMAND = [sys.executable, "-m", "api.cli"]


class TestHelp:
    """What the command says of itself."""

    def test_the_version(self, suyuan: Suyuan) -> None:
        """--version prints the version of the package, alone on a line."""
        assert suyuan("--version")[:2] == (0, f"suyuan {version('suyuan')}\n")

    @pytest.mark.parametrize("group", [(), ("recall",)])
    def test_a_group_of_commands_has_examples(self, suyuan: Suyuan, group: tuple[str, ...]) -> None:
        """Help that only lists commands shows how one is called, too."""
        ran = suyuan(*group, "--help")
        assert ran.code == 0
        assert "  suyuan recall scope urn:epc:class:lgtin:9521101.000001.TK-S1 --xlsx recall.xlsx\n" in ran.out


class TestRefusals:
    """Errors: one paragraph, never a traceback."""

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["trace", "forward", "urn:epc:class:lgtin:9521103.000900.NONE"], 1, "no event"),
            (["trace", "forward", "(01)09521103009001(10)CAN-B"], 1, "check digit"),
            (["trace", "forward", "what is this"], 1, "neither a GS1 key nor a URI"),
            (["trace", "forward", COMPLAINED, "--since", "yesterday"], 1, "no time"),
            (["trace", "forward", COMPLAINED, "--since", "2018-01-01", "--until", "2017-01-01"], 1, "ends"),
            (["trace", "forward", BAD_TANK, "--kill-step", "cooking"], 1, "no word of the standard"),
            (["trace", "forward", BAD_TANK, "--kill-step", "packing,since=2017-08-01"], 1, "does not narrow"),
            (["trace", "forward", BAD_TANK, "--cross-contamination", f"{DAIRY},until=soon"], 1, "no time"),
            (["trace", "forward", BAD_TANK, "--cross-contamination", "urn:epc:id:sgln:9521103.00009.0"], 1, "nothing"),
            (["trace", "forward", BAD_TANK, "--leave-out-site", "urn:epc:id:sgln:9521103.00009.0"], 1, "nothing was"),
            (["trace", "forward", BAD_TANK, "--leave-out-event", "urn:uuid:none"], 1, "no event"),
            (["trace", "sideways", COMPLAINED], 2, "sideways"),
            (["trace"], 2, "Missing argument"),
            (["trace", "forward", COMPLAINED, "--contact", "perhaps"], 2, "perhaps"),
            (["recall", "scope", "urn:epc:class:lgtin:9521103.000900.NONE"], 1, "no event"),
            (["path", "urn:epc:class:lgtin:9521103.000900.NONE", COMPLAINED], 1, "no event"),
            (["load", "no-such-file.json"], 1, "no such file"),
            (["load", "x.json", "--store", "mysql:x"], 1, "does not name a store"),
            (["stats", "--store", "sqlite:none.db"], 1, "no store"),
            (["export", "events", "--out", "no/such/folder/x"], 1, "No such file"),
            (["export", "events", "--out", "/dev/full"], 1, "/dev/full"),
            (["recall", "scope", BAD_TANK, "--xlsx", "/dev/full"], 1, "/dev/full"),
            (["recall", "scope", BAD_TANK, "--csv", "suyuan.db"], 1, "a file is where a folder is wanted"),
            (["generate", "--out", "world", "--truth", "./world"], 1, "one file"),
            (["generate", "--events", "0"], 2, "--events"),
            (["frobnicate"], 2, "frobnicate"),
            ([], 2, "Usage"),
            (["recall"], 2, "Usage"),
        ],
    )
    def test_wrong_input(self, loaded: Suyuan, arguments: list[str], code: int, said: str) -> None:
        """Exit code and words say what is wrong; stdout stays empty, also of tracebacks."""
        ran = loaded(*arguments)
        assert ran.code == code
        assert said in ran.err
        assert ran.out == ""
        assert "Traceback" not in ran.err
        if arguments and "recall" not in arguments[-1:]:
            told = loaded(*arguments, "--json")
            assert told.code == code
            error = json.loads(told.err)["error"]
            assert error.keys() == {"type", "what", "where", "rule", "remedy"}

    def test_a_file_that_is_no_store(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """A text file is refused as a store and left as it was."""
        (tmp_path / "notes.db").write_text("these are notes, not a database\n" * 100, encoding="utf-8")
        for command in (["stats"], ["load", str(outbreak())]):
            assert suyuan(*command, "--store", "sqlite:notes.db").code == 1
        assert (tmp_path / "notes.db").read_text(encoding="utf-8").startswith("these are notes")

    def test_an_error_of_our_own_is_one_line(self, loaded: Suyuan, monkeypatch: pytest.MonkeyPatch) -> None:
        """What nobody foresaw gives a sentence and how to report it; the traceback only with SUYUAN_DEBUG."""

        def fail(*_: object) -> None:
            raise ZeroDivisionError("a planted fault")

        monkeypatch.setattr("api.session.Reading.trace", fail)
        ran = loaded("trace", "back", COMPLAINED)
        assert ran.code == 70
        assert "a planted fault" in ran.err
        assert "Traceback" not in ran.err
        assert len(ran.err.splitlines()) == 1
        monkeypatch.setenv("SUYUAN_DEBUG", "1")
        assert "Traceback" in loaded("trace", "back", COMPLAINED).err

    def test_codes_that_look_like_markup(self, loaded: Suyuan) -> None:
        """Brackets in a code are printed as they are, not read as colours."""
        assert "[red]" in loaded("trace", "back", "urn:example:[red]").err


class TestSurroundings:
    """Terminals, pipes and signals, in processes of their own."""

    def environment(self, **named: str) -> dict[str, str]:
        """The caller's, without settings of ours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")}
        return {**kept, "PYTHONPATH": str(Path(__file__).parents[2]), **named}

    @pytest.mark.usefixtures("loaded")
    def test_plain_when_piped(self) -> None:
        """No colour and no progress bar reach a pipe."""
        ran = subprocess.run(
            [*COMMAND, "trace", "back", COMPLAINED], capture_output=True, check=True, env=self.environment(), timeout=60
        )
        assert b"\x1b" not in ran.stdout + ran.stderr
        assert ran.stderr == b""
        assert "made from BL-2" in ran.stdout.decode()

    @pytest.mark.usefixtures("loaded")
    @pytest.mark.parametrize(("extra", "colour"), [({}, True), ({"NO_COLOR": "1"}, False)])
    def test_colours_on_a_terminal(self, extra: dict[str, str], colour: bool) -> None:
        """A terminal of 80 columns gets colours unless NO_COLOR is set, and no line beyond its width."""
        shown = on_terminal(
            [*COMMAND, "trace", "back", COMPLAINED], self.environment(TERM="xterm", COLUMNS="80", **extra)
        )
        assert ("\x1b[32m" in shown) is colour
        assert "certain" in shown

    @pytest.mark.usefixtures("loaded")
    def test_a_reader_that_leaves_early(self) -> None:
        """A closed pipe ends the command without a word."""
        process = subprocess.Popen(
            [*COMMAND, "export", "events"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment()
        )
        assert process.stdout is not None
        process.stdout.close()
        _, said = process.communicate(timeout=60)
        assert said == b""

    @pytest.mark.usefixtures("loaded")
    @pytest.mark.parametrize("arguments", [["trace", "back", COMPLAINED], ["stats", "--json"], ["export", "graph"]])
    def test_a_closed_stdout_is_told(self, arguments: list[str]) -> None:
        """An answer that has nowhere to go is an error, not silence nor a fault of ours."""
        ran = subprocess.run(
            ["sh", "-c", '"$@" >&-', "sh", *COMMAND, *arguments],
            capture_output=True,
            check=False,
            env=self.environment(),
            timeout=60,
        )
        assert ran.returncode == 1
        assert b"stdout" in ran.stderr

    @pytest.mark.usefixtures("loaded")
    def test_a_closed_stderr_takes_no_part(self) -> None:
        """The answer is whole, and no store is opened where messages would go."""
        command = ["sh", "-c", '"$@" 2>&- <&-', "sh", *COMMAND, "stats", "--json"]
        ran = subprocess.run(command, capture_output=True, check=True, env=self.environment(), timeout=60)
        assert json.loads(ran.stdout)["position"] == 35

    @pytest.mark.parametrize("wait", [0.1, 0.3, 0.6])
    def test_stopped_while_it_starts(self, tmp_path: Path, wait: float) -> None:
        """Ctrl-C while modules are loaded ends the command without a traceback of ours."""
        os.mkfifo(tmp_path / "silent")  # Nothing is ever written into it, so that a load of it waits.
        command = [*COMMAND, "load", str(tmp_path / "silent"), "--store", f"sqlite:{tmp_path / 'silent.db'}"]
        process = stoppable(command, self.environment())
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode in {130, -signal.SIGINT}
        assert b"api/cli" not in said

    def test_stopped_by_hand(self, suyuan: Suyuan, tmp_path: Path) -> None:
        """Ctrl-C in a load ends it with one line and 130; what was committed is a whole store."""
        write_lines(tmp_path / "many.ndjson", [commissioned(number) for number in range(60_000)])
        process = stoppable([*COMMAND, "load", "many.ndjson"], self.environment())
        while not (tmp_path / "suyuan.db").exists():
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 130
        assert said.decode().strip() == "Stopped. What was committed stays; nothing is half-loaded."
        assert suyuan("stats", "--json").json["position"] % 5000 == 0


def stoppable(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A command that Ctrl-C stops, also where these tests run behind a shell, which has what it begins ignore it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # What has a handler begins with the default.
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    finally:
        signal.signal(signal.SIGINT, former)


def on_terminal(command: list[str], environment: dict[str, str]) -> str:
    """What a command shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs, env=environment, close_fds=True)
    os.close(theirs)
    shown = bytearray()
    while select.select([ours], [], [], 60)[0]:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not read:
            break
        shown += read
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return shown.decode()
