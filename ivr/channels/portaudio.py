"""The sound devices of this machine, by PortAudio; imported only when somebody wants to talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import FRAME_MS, RATE, Samples
from ivr.channels.microphone import Block
from ivr.errors import DeviceError, LineBroke

LISTED = "`ivr talk --list-devices` shows what there is"

COMMON_RATES = (48_000, 44_100, 16_000)
"""samples a second, tried after our own and the devices'"""


@dataclass(frozen=True)
class DeviceDescription:
    """One sound device."""

    number: int
    """as `--input` and `--output` take it"""
    name: str
    inputs: int
    """channels"""
    outputs: int
    rate: int
    """samples a second that it likes best"""
    default: str
    """input, output, both, or empty"""


_Channels = npt.NDArray[np.int16]
"""shape (block, 1)"""


class _Flags(Protocol):
    """What PortAudio says of a block."""

    input_overflow: bool
    output_underflow: bool


class PortAudioDevice:
    """A duplex stream, mono, 16 bit, in blocks of 20 ms, at 8 kHz if the devices can."""

    def __init__(self, library: ModuleType, devices: tuple[int | str | None, int | str | None], rate: int) -> None:
        self.rate = rate
        self.block = rate * FRAME_MS // 1000
        self._library = library
        self._devices = devices
        self._stream: Any = None

    def start(self, block: Block, ended: Callable[[], None]) -> None:
        def call(recorded: _Channels, played: _Channels, _count: int, _time: object, status: _Flags) -> None:
            block(recorded[:, 0], played[:, 0], bool(status.input_overflow), bool(status.output_underflow))

        try:
            self._stream = self._library.Stream(
                samplerate=self.rate,
                blocksize=self.block,
                device=self._devices,
                channels=1,
                dtype="int16",
                callback=call,
                finished_callback=ended,
            )
            self._stream.start()
        except self._library.PortAudioError as error:
            raise LineBroke(f"the sound device cannot be started ({error}): {LISTED}") from error

    def stop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort()
            stream.close()


def devices() -> tuple[DeviceDescription, ...]:
    """Every sound device of this machine; DeviceError without PortAudio."""
    library = _library()
    first = tuple(library.default.device)
    return tuple(
        DeviceDescription(
            number,
            str(found["name"]),
            int(found["max_input_channels"]),
            int(found["max_output_channels"]),
            round(found["default_samplerate"]),
            {(True, True): "both", (True, False): "input", (False, True): "output"}.get(
                (number == first[0], number == first[1]), ""
            ),
        )
        for number, found in enumerate(library.query_devices())
    )


def open_device(microphone: str | None, loudspeaker: str | None) -> PortAudioDevice:
    """The devices of these numbers or parts of names, else the machine's own choice.

    Raises DeviceError, in one line that says what to do, without PortAudio, without such a device, or without a rate
    that both can.
    """
    library = _library()
    chosen = (_chosen(microphone), _chosen(loudspeaker))
    liked = [_liked(library, each, kind) for each, kind in zip(chosen, ("input", "output"), strict=True)]
    for rate in dict.fromkeys((RATE, *liked, *COMMON_RATES)):
        if rate <= COMMON_RATES[0] and _can(library, chosen, rate):
            return PortAudioDevice(library, chosen, rate)
    raise DeviceError(f"microphone and loudspeaker have no rate up to 48 kHz in common: choose others, {LISTED}")


def play(samples: Samples, rate: int) -> None:
    """Play a sound to its end on the machine's loudspeaker; blocks. DeviceError without PortAudio or a device."""
    library = _library()
    try:
        library.play(samples, rate)
        library.wait()
    except (ValueError, library.PortAudioError) as error:
        raise DeviceError(f"the sound cannot be played ({error}): {LISTED}") from error


def _library() -> ModuleType:
    try:
        import sounddevice  # noqa: PLC0415 - where PortAudio is missing its import fails
    except OSError as error:
        raise DeviceError(
            f"{error}: install it (Debian and Ubuntu: apt install libportaudio2; macOS: brew install portaudio)"
        ) from error
    module: ModuleType = sounddevice
    return module


def _chosen(device: str | None) -> int | str | None:
    return int(device) if device is not None and device.isdecimal() else device


def _liked(library: ModuleType, device: int | str | None, kind: str) -> int:
    """The rate that a device likes best."""
    try:
        liked: float = library.query_devices(device, kind)["default_samplerate"]
    except (ValueError, library.PortAudioError) as error:
        named = "" if device is None else f" “{device}”"
        reason = " ".join(str(error).split())
        raise DeviceError(f"no {kind} device{named} ({reason}): {LISTED}") from error
    return round(liked)


def _can(library: ModuleType, chosen: tuple[int | str | None, int | str | None], rate: int) -> bool:
    try:
        library.check_input_settings(chosen[0], channels=1, dtype="int16", samplerate=rate)
        library.check_output_settings(chosen[1], channels=1, dtype="int16", samplerate=rate)
    except library.PortAudioError:
        return False
    return True
