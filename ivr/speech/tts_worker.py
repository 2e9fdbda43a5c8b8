"""The speech worker: a process of its own that renders text with pyttsx3, every text in a fresh child.

espeak's sound depends on what its process said before (a pitch flutter counter that even espeak_Terminate keeps, and
a noise seed taken from the clock). So this process loads pyttsx3 but never initialises espeak; it forks a child for
each text, which initialises, seeds, renders and ends. It stays single-threaded: a fork with espeak's thread running
hangs. Protocol: one JSON object a line; in: a `Job`, out: `{"error": null}` or the reason. End of stdin ends it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

SEED = 1
"""of espeak's breath noise; any constant will do"""


class JobError(Exception):
    """The text could not be rendered; the message goes to the parent process."""


@dataclass(frozen=True)
class Job:
    """What to render, and the path of the WAV to write (22,050 Hz, mono, int16)."""

    text: str
    voice: str
    rate: int
    volume: float
    pitch: int
    path: str
    patience: int
    """whole seconds after which the child ends itself, in case nobody is left to kill it"""


def main(rooms: list[str]) -> None:
    """Serve jobs until stdin ends, then remove the folders `rooms`; nothing but replies reaches stdout."""
    replies = _claim_stdout()
    pyttsx3: Any = None
    fault: str | None = None
    try:
        pyttsx3 = load_pyttsx3()
    except (JobError, ImportError, OSError, RuntimeError) as error:
        fault = f"pyttsx3 or espeak cannot be loaded: {error}"
    for line in sys.stdin.buffer:
        error_text = fault or _render_in_child(pyttsx3, Job(**json.loads(line)), replies)
        try:
            os.write(replies, json.dumps({"error": error_text}).encode() + b"\n")
        except BrokenPipeError:
            break
    # Only a parent that died leaves them to us.
    for room in rooms:
        shutil.rmtree(room, ignore_errors=True)


def load_pyttsx3() -> Any:  # noqa: ANN401 - pyttsx3 has no types
    """Load espeak from `espeakng_loader` and pyttsx3 upon it, patched; does not initialise espeak.

    Raises JobError when the library's data is missing (espeak would end the process), ImportError, OSError.
    """
    loader = importlib.import_module("espeakng_loader")
    data = Path(loader.get_data_path())
    if not (data / "phontab").is_file():
        raise JobError(f"espeak's data is missing at {data}: reinstall espeakng-loader")
    os.environ["ESPEAK_DATA_PATH"] = str(data)
    # pyttsx3 asks for the soname; with this copy loaded it gets it. RTLD_GLOBAL would crash piper-tts.
    ctypes.CDLL(loader.get_library_path(), ctypes.RTLD_LOCAL)
    pyttsx3 = importlib.import_module("pyttsx3")
    driver = importlib.import_module("pyttsx3.drivers.espeak")
    driver.EspeakDriver.stop = _stop_while_speaking
    vars(driver)["print"] = _say_nothing
    return pyttsx3


def render(pyttsx3: Any, job: Job) -> None:  # noqa: ANN401 - as above
    """Write the WAV of `job` in this process, which must not have spoken before; raises JobError."""
    errors: list[Exception] = []
    engine = pyttsx3.init("espeak")
    engine.connect("error", lambda exception, **_: errors.append(exception))
    # A fresh engine believes that it is busy and would return from its first run too early.
    engine.runAndWait()
    # The rate reads 175 but is 200 at first: every property is always set.
    for name in ("voice", "rate", "volume", "pitch"):
        engine.setProperty(name, getattr(job, name))
    if errors:
        raise JobError(str(errors[0]))
    _check_voice(engine.getProperty("voice"), job.voice)
    espeak = importlib.import_module("pyttsx3.drivers._espeak")
    espeak.dll.espeak_ng_SetRandSeed(ctypes.c_long(SEED))
    espeak.Synchronize()
    engine.save_to_file(job.text, job.path)
    engine.runAndWait()
    if errors:
        raise JobError(str(errors[0]))


def _check_voice(got: str | None, wanted: str) -> None:
    # espeak takes an alias or drops an unknown variant without an error.
    if got != wanted.lower():
        raise JobError(
            f"espeak has no voice {wanted!r}, it would speak as {got!r}: give an exact id such as sit/cmn+f2"
        )


def _render_in_child(pyttsx3: Any, job: Job, replies: int) -> str | None:  # noqa: ANN401 - as above
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # With the reply pipe open here, the parent would not see this worker's death.
        os.close(replies)
        _be_the_child(pyttsx3, job, writer)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        complaint = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if complaint or status == 0:
        return complaint or None
    return f"espeak ended with status {status}"


def _be_the_child(pyttsx3: Any, job: Job, complaints: int) -> NoReturn:  # noqa: ANN401 - as above
    def fail(error: BaseException | None) -> NoReturn:
        os.write(complaints, (str(error) or repr(error)).encode("utf-8", "replace"))
        os._exit(1)

    signal.alarm(job.patience)
    # An error in pyttsx3's callback, such as a full disk, is dropped by ctypes, and the loop would wait for ever.
    sys.unraisablehook = lambda dropped: fail(dropped.exc_value)
    try:
        render(pyttsx3, job)
    except BaseException as error:  # noqa: BLE001 - a child that lives on would serve jobs itself
        fail(error)
    os._exit(0)


def _stop_while_speaking(self: Any) -> None:  # noqa: ANN401 - as above
    # pyttsx3 stops at the end of every run; cancelling a queue that is about to start loses the sound.
    if self._speaking:
        self._stopping = True
        importlib.import_module("pyttsx3.drivers._espeak").Cancel()


def _say_nothing(*_: object) -> None:
    """Stand in for `print` in pyttsx3's driver, which announces every file on stdout."""


def _claim_stdout() -> int:
    # C code that prints must not end up between our replies.
    replies = os.dup(1)
    os.dup2(2, 1)
    return replies


if __name__ == "__main__":
    main(sys.argv[1:])
