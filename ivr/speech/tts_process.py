"""The parent's side of the speech worker: starts it when first needed, watches it, restarts it, ends it."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import math
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.audio.wav import Sound, read_wav
from ivr.errors import AudioError, VoiceError
from ivr.speech.tts_worker import Job
from ivr.speech.voices import VoiceChoice

TRIES = 2


class SpeechWorker:
    """One worker process, shared by any number of threads; renders one text at a time.

    `timeout` is seconds a try, the worker's start included. POSIX only (fork). Close it, or use it with `with`;
    should this process die, the worker sees the end of its stdin and ends too.
    """

    def __init__(self, timeout: float = 10.0) -> None:
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._forget()

    def render(self, text: str, choice: VoiceChoice) -> Sound:
        """Speak `text`: 22,050 Hz, int16, untrimmed, the same for the same arguments always.

        Raises VoiceError when the worker refuses, dies or is silent for `timeout` seconds, twice.
        """
        if self._owner != os.getpid():
            self._leave_to_parent()
        with self._lock:
            return self._try_twice(text, choice)

    def close(self) -> None:
        """End the worker. Rendering again starts a new one."""
        if self._owner != os.getpid():
            return
        with self._lock:
            self._kill()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the worker, None while there is none."""
        return None if self._process is None else self._process.pid

    def _leave_to_parent(self) -> None:
        """After a fork: the worker is our parent's, and the lock may be held by a thread that is not here."""
        if self._process is not None:
            # An open stdin here would keep the worker alive after our parent's death.
            _close_pipes(self._process)
            # Not our child: Popen must not wait for it.
            self._process.returncode = 0
        self._forget()

    def _forget(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._process = None
        self._folder = None
        self._numbers = itertools.count()

    def _try_twice(self, text: str, choice: VoiceChoice) -> Sound:
        reason = ""
        for _ in range(TRIES):
            try:
                return self._try(text, choice)
            except (VoiceError, AudioError, OSError) as error:
                reason = f"{error}{self._last_words()}"
        raise VoiceError(f"voice {choice.voice} could not say a text of {len(text)} characters: {reason}")

    def _try(self, text: str, choice: VoiceChoice) -> Sound:
        process = self._process or self._start()
        path = self._room() / f"{next(self._numbers)}.wav"
        job = Job(text=text, path=str(path), patience=2 * math.ceil(self._timeout), **dataclasses.asdict(choice))
        try:
            self._exchange(process, job)
            return read_wav(path)
        finally:
            path.unlink(missing_ok=True)

    def _exchange(self, process: subprocess.Popen[bytes], job: Job) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(dataclasses.asdict(job)).encode() + b"\n")
            process.stdin.flush()
            line = _read_line(process.stdout.fileno(), self._timeout)
        except (OSError, VoiceError):
            self._kill()
            raise
        error = json.loads(line)["error"]
        if error is not None:
            raise VoiceError(str(error))

    def _start(self) -> subprocess.Popen[bytes]:
        home = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        with (self._room() / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
                [sys.executable, "-P", "-m", "ivr.speech.tts_worker", str(self._room())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, "PYTHONPATH": path},
                # A group of its own: Ctrl-C is for us alone, and a kill reaches the worker's children.
                start_new_session=True,
            )
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        _close_pipes(process)
        process.wait()

    def _room(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="ivr-speech-"))
        return self._folder

    def _last_words(self) -> str:
        try:
            words = (self._room() / "stderr").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""
        return f" (the worker said: {words[-500:]})" if words else ""


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        # Closing flushes what a dead worker never read.
        with contextlib.suppress(BrokenPipeError):
            pipe.close()


def _read_line(pipe: int, timeout: float) -> bytes:
    """One line from a pipe; raises VoiceError when it ends or `timeout` seconds pass."""
    until = time.monotonic() + timeout
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            if not selector.select(max(0.0, until - time.monotonic())):
                raise VoiceError(f"no answer from the speech worker within {timeout:g} s")
            piece = os.read(pipe, 65536)
            if not piece:
                raise VoiceError("the speech worker died")
            line += piece
    return line
