"""A publisher of speech models on this machine, small models to publish, and what may go wrong between."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import struct
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WORDS = ("[unk]", "yes", "no", "是", "是的", "不", "对")
SPEECH = random.Random(1).randbytes(300_000)  # noqa: S311 - noise, no secret
"""stands for an acoustic model: what only Vosk reads"""

OFFICIAL_CONF = b"--use-energy=false\n--num-mel-bins=40\n--num-ceps=40\n--low-freq=20\n--high-freq=7600\n"
"""names no rate, which means 16 kHz, and does not switch dither off"""


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<i", len(data)) + data


def machine(words: tuple[str, ...] = ()) -> bytes:
    """An OpenFst machine without states, with the words as its output symbols."""
    flags = 2 if words else 0
    head = struct.pack("<i", 2125659606) + _text("vector") + _text("standard") + struct.pack("<ii", 2, flags)
    head += struct.pack("<qqqq", 0, 0, 0, 0)
    if not words:
        return head
    symbols = b"".join(_text(word) + struct.pack("<q", number) for number, word in enumerate(words))
    return head + struct.pack("<i", 2125658996) + _text("words") + struct.pack("<qq", len(words), len(words)) + symbols


def model_files(*, fixed: bool = False) -> dict[str, bytes]:
    """The files of a model as the publisher builds it, of 16 kHz and with dither; `fixed` has a graph for dictation."""
    graph = {
        "graph/HCLG.fst": machine(),
        "graph/words.txt": "".join(f"{word} {number}\n" for number, word in enumerate(WORDS)).encode(),
    }
    if not fixed:
        graph = {
            "graph/HCLr.fst": machine(),
            "graph/Gr.fst": machine(WORDS),
            "graph/disambig_tid.int": b"1\n",
        }
    conf = {"conf/mfcc.conf": OFFICIAL_CONF, "conf/model.conf": b"--beam=13.0\n"}
    return {"am/final.mdl": SPEECH, **conf, **graph, "README": b"Licence: Apache 2.0\n"}


def zipped(top: str, files: Mapping[str, bytes]) -> bytes:
    """A zip with everything in one folder, as the publisher makes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}", content)
    return made.getvalue()


def zip_of(folder: Path, top: str) -> bytes:
    return zipped(
        top, {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
    )


def listing(files: Mapping[str, bytes]) -> bytes:
    """The publisher's list of models."""
    return json.dumps(
        [
            {
                "name": name.removesuffix(".zip"),
                "size": len(content),
                "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            }
            for name, content in files.items()
        ]
    ).encode()


class Publisher:
    """What the server has and how it behaves; a test changes it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.version = '"first"'
        """its ETag; empty: it tells none"""
        self.ranges = True
        self.obeys_if_range = True
        self.breaks: list[int] = []
        """bytes that each of the next answers gives before the line breaks"""
        self.asked: list[tuple[str, str]] = []
        """(file, range) of every request"""
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name, asked = handler.path.rpartition("/")[2], handler.headers.get("Range", "")
        self.asked.append((name, asked))
        content = self.files.get(name)
        if content is None:
            handler.send_error(404)
            return
        start = self._start(asked, handler.headers.get("If-Range", ""))
        if start >= len(content):
            handler.send_error(416)
            return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.version:
            handler.send_header("ETag", self.version)
        handler.send_header("Content-Length", str(len(content) - start))
        handler.end_headers()
        given = self.breaks.pop(0) if self.breaks else len(content)
        handler.wfile.write(content[start:][:given])

    def _start(self, asked: str, version: str) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", asked)
        if match is None or not self.ranges or (self.obeys_if_range and version not in {"", self.version}):
            return 0
        return int(match[1])


@contextmanager
def published() -> Iterator[Publisher]:
    """The publisher's server, on a port of its own."""
    publisher = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.answer(self)

        def log_message(self, *_: Any) -> None:
            """A test's output is its own."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publisher.url = f"http://127.0.0.1:{server.server_port}/vosk/models"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield publisher
        finally:
            server.shutdown()
            thread.join()
