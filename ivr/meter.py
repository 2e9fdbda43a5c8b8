"""How loud the caller is right now, as a line that stays below the transcript."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import nullcontext

from rich.console import Console
from rich.live import Live
from rich.text import Text

from ivr.audio.frame import RATE, Frame, Samples
from ivr.audio.level import FLOOR_DBFS, rms_dbfs
from ivr.speech.floor import Floor
from ivr.speech.vad import WebrtcVoiceDetector
from ivr.transcript import CALLER, QUIET, TROUBLE

LOWEST = -70.0
"""dBFS at the bar's left end; 0 is its right"""

CELLS = 35
"""2 dB each"""

TOO_LOUD = -6.0
"""dBFS over which the microphone clips"""

FALL = 1.5
"""dB a frame by which the bar falls: a word can be read"""


class Meter:
    """The level of the last 20 ms, the line's floor, and whether the detector hears a voice; `tap` feeds it."""

    def __init__(self) -> None:
        self._detector = WebrtcVoiceDetector()
        self._floor = Floor()
        self._shown = FLOOR_DBFS
        self._position = 0
        self._voice = False

    def tap(self, caller: Samples, _ours: Samples) -> None:
        """Take 20 ms of the call."""
        frame = Frame(caller, RATE, self._position)
        self._position = frame.end
        self._voice = self._detector.is_voice(frame)
        level = rms_dbfs(caller)
        self._floor.add(level)
        self._shown = max(level, self._shown - FALL)

    def __rich__(self) -> Text:
        if not self._position:
            return Text("ringing", style=QUIET)
        cells = round(CELLS * min(1.0, max(0.0, 1.0 - self._shown / LOWEST)))
        line = Text("█" * cells, style=TROUBLE if self._shown > TOO_LOUD else CALLER if self._voice else QUIET)
        line.append("·" * (CELLS - cells), style=QUIET)
        line.append(f" {self._shown:6.1f} dBFS  floor {self._floor.dbfs:6.1f}  ", style=QUIET)
        line.append("voice" if self._voice else "     ", style=CALLER)
        return line


@contextlib.contextmanager
def below(screen: Console) -> Iterator[Meter]:
    """A meter that stays below whatever is printed on `screen`, ten times a second; unseen where nobody looks."""
    meter = Meter()
    with Live(meter, console=screen, refresh_per_second=10, transient=True) if screen.is_terminal else nullcontext():
        yield meter
