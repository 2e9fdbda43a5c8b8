"""What every channel is: 20 ms in, 20 ms out, and three different ways to end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ivr.audio.frame import Frame, Samples


@dataclass(frozen=True)
class Inbound:
    """What the caller's side gave us in 20 ms."""

    frame: Frame
    keys: str = ""
    """keys of the telephone that were pressed meanwhile, in order"""


class Channel(Protocol):
    """One telephone line while one call lasts. The inbound frames are the call's clock (design rule 1)."""

    name: str
    """kind of channel, for the record: wav, scenario"""

    line: str
    """what was called: an extension, a file, a scenario"""

    caller: str
    """the number that calls, an extension or an outside number; empty when it is not known"""

    inside: bool
    """whether that number is a telephone of the house, and the line vouches for it: outside numbers may be forged"""

    key_sounds: bool
    """whether keys come as their sound, and must be decoded from it; `Inbound.keys` may hold some besides"""

    async def answer(self) -> None: ...

    async def send(self, samples: Samples) -> None:
        """Play 20 ms to the caller."""

    async def receive(self) -> Inbound:
        """The next 20 ms; CallerHungUp, LineBroke or WeHungUp when there are none."""

    async def hang_up(self) -> None:
        """End the call from our side; twice is harmless."""
