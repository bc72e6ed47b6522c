"""A webhook is signed, goes to the address that was looked at, and waits no longer than it may."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from api.http.targets import Targets
from api.http.webhook import Undelivered, Webhooks, signature
from graph_schema.errors import InvalidInput
from tests.api.receiver import Receiver

HERE = Targets(["127.0.0.1"])


def post(webhooks: Webhooks, url: str) -> int:
    """Send something."""
    return asyncio.run(webhooks.post(url, b'{"a": 1}', {"Content-Type": "application/json"}))


@contextmanager
def saying(say: Callable[[socket.socket], None], secure: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port that answers every connection with whatever is said; over TLS, where that is wanted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    open_one = connection if secure is None else secure.wrap_socket(connection, server_side=True)
                    with open_one:
                        open_one.recv(65_536)
                        say(open_one)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_a_document_arrives_as_it_was_sent() -> None:
    """At its path with its query, under the name of its host."""
    with Receiver() as receiver:
        assert post(Webhooks(HERE), receiver.url) == 200
    [got] = receiver.got
    assert (got.path, got.body) == ("/hook?of=us", b'{"a": 1}')
    assert (got.headers["Host"], got.headers["Content-Type"]) == (f"127.0.0.1:{receiver.port}", "application/json")


def test_a_signature_is_made_again_by_who_knows_the_token() -> None:
    """From the time and the body; any other time, body or token gives another."""
    content, made = "{奶}".encode(), signature("secret", "{奶}".encode(), 1_767_600_000)
    time, mac = (part.partition("=")[2] for part in made.split(","))
    assert made.startswith("t=1767600000,v1=")
    assert hmac.new(b"secret", time.encode() + b"." + content, hashlib.sha256).hexdigest() == mac
    assert len({made, signature("secret", content, 1), signature("s", content, 1), signature("secret", b"", 1)}) == 4


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """It is an answer like any other: nothing is sent where it leads."""
    with Receiver() as elsewhere, Receiver(lambda: status, {"Location": elsewhere.url}) as receiver:
        assert post(Webhooks(HERE), receiver.url) == status
        assert (len(receiver.got), elsewhere.got) == (1, [])


def test_a_name_that_is_bound_anew_leads_nowhere_else() -> None:
    """It is looked up once for a connection, and the connection goes to what was found then, or nowhere."""
    asked: list[str] = []
    answers = [["127.0.0.1"], ["127.0.0.1"], []]

    async def resolve(host: str, port: int) -> Collection[str]:
        asked.append(host)
        return answers.pop(0)

    listed = Webhooks(Targets(["hooks.invalid"], resolve))
    unlisted = Webhooks(Targets([], resolve))
    with Receiver() as receiver:
        assert post(listed, f"http://hooks.invalid:{receiver.port}/") == 200
        assert asked == ["hooks.invalid"]
        for _ in range(2):
            with pytest.raises(InvalidInput, match="may not be reached"):
                post(unlisted, f"https://hooks.invalid:{receiver.port}/")
        assert len(receiver.got) == 1
        assert receiver.got[0].headers["Host"] == f"hooks.invalid:{receiver.port}"


def test_each_address_of_a_name_is_tried() -> None:
    """In order, until one takes the connection."""

    async def resolve(host: str, port: int) -> Collection[str]:
        return ["127.0.0.2", "127.0.0.1"]

    with Receiver() as receiver:
        assert post(Webhooks(Targets(["hooks.invalid"], resolve)), f"http://hooks.invalid:{receiver.port}/") == 200


def test_nobody_there_is_told_so() -> None:
    """Without a word of the network."""
    with Receiver() as receiver:
        gone = receiver.url
    with pytest.raises(Undelivered) as error:
        post(Webhooks(HERE), gone)
    assert str(error.value) == "no connection"


def drip(connection: socket.socket) -> None:
    """A head that never ends, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while connection.send(b"x"):
        threading.Event().wait(0.05)


def for_ever(connection: socket.socket) -> None:
    """A body that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while connection.send(b"400\r\n" + b"x" * 1024 + b"\r\n"):
        pass


def silence(connection: socket.socket) -> None:
    """No answer, until the other side goes."""
    while connection.recv(65_536):
        pass


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (silence, "did not answer within 0.5 s"),
        (drip, "did not answer within 0.5 s"),
        (lambda connection: connection.sendall(b"220 mail.example.org ESMTP\r\n"), "no HTTP"),
        (lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 500_000), "no HTTP"),
        (lambda connection: connection.close(), "the connection broke"),
    ],
    ids=["silence", "drip", "no HTTP", "large head", "closed"],
)
def test_what_never_answers_well_holds_nobody_up(say: Callable[[socket.socket], None], why: str) -> None:
    """It is given up in time."""
    with saying(say) as port, pytest.raises(Undelivered, match=why):
        post(Webhooks(HERE, longest_answer=0.5), f"http://127.0.0.1:{port}/")


def test_the_body_of_an_answer_is_not_read() -> None:
    """However long it is."""
    with saying(for_ever) as port:
        assert post(Webhooks(HERE), f"http://127.0.0.1:{port}/") == 200


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for hooks.invalid and its key, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    made = tmp_path / "made.pem"
    told = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=hooks.invalid -addext subjectAltName=DNS:hooks.invalid"
    subprocess.run(["openssl", *told.split(), "-keyout", made, "-out", tmp_path / "c"], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + (tmp_path / "c").read_bytes())
    return made


def test_a_receiver_shows_a_certificate_of_its_name(certificate: Path) -> None:
    """Though it is connected to by address; another name, or a certificate that nobody trusts, gets nothing."""

    async def resolve(host: str, port: int) -> Collection[str]:
        return ["127.0.0.1"]

    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    heard: list[socket.socket] = []

    def say(connection: socket.socket) -> None:
        heard.append(connection)
        # Whoever closes with something unread breaks the connection.
        while (part := connection.recv(1 << 16)) and b'{"a": 1}' not in part:
            pass
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    targets = Targets(["hooks.invalid", "other.invalid"], resolve)
    trusting = Webhooks(targets, trusted=ssl.create_default_context(cafile=str(certificate)))
    with saying(say, serving) as port:
        assert post(trusting, f"https://hooks.invalid:{port}/") == 204
        for webhooks, host in ((trusting, "other.invalid"), (Webhooks(targets), "hooks.invalid")):
            with pytest.raises(Undelivered, match="certificate is not trusted"):
                post(webhooks, f"https://{host}:{port}/")
    assert len(heard) == 1
