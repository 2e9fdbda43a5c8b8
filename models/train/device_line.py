"""degrade.py's bad telephone line for a whole batch at once, on an accelerator: thousands of hours in minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from ivr.audio.frame import FULL_SCALE, RATE
from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.bench.exam.corpus import HOP
from models.train.degrade import PACKET

HEARD = 1e-3
"""of the loudest step's power: steps above it count for the level of a voice, -30 dB"""

SMOOTHING = 31
"""taps of the likeness of GSM's low-pass"""


@dataclass(frozen=True)
class Chances:
    """How likely each fault is, and how bad it may get; degrade.Recipe says what each is."""

    level: tuple[float, float] = (-47.0, -9.0)
    noisy: float = 0.65
    snr: tuple[float, float] = (2.0, 32.0)
    """dB over the voice's own level, pauses left out: harder than Recipe's"""
    second: float = 0.15
    """share with a second noise"""
    fitful: float = 0.35
    """share of noises that come and go"""
    room: float = 0.35
    line: float = 0.6
    lossy: float = 0.2
    loss: float = 0.07
    codecs: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"ulaw": 0.35, "alaw": 0.35, "gsm": 0.15, "none": 0.15})
    )
    floor: tuple[float, float] = (-80.0, -62.0)


class Line:
    """One device's line; `noises` (kinds, samples) are recordings of noise of RMS 1, cut anywhere."""

    def __init__(self, noises: Tensor, chances: Chances | None = None) -> None:
        self._noises = noises
        self._chances = chances or Chances()
        self._codecs = {name: table.to(noises.device) for name, table in _codec_tables().items()}
        self._lowpass = _lowpass(3500.0).to(noises.device)

    def __call__(self, sound: Tensor, spoken: Tensor, source: torch.Generator) -> Tensor:
        """(B, samples) of int16 size as it might arrive; `spoken` (B,) is false where nobody speaks."""
        chances = self._chances
        sound = self._bent(sound, source)
        loudness = _loudness(sound)
        level = FULL_SCALE * 10 ** (self._uniform(len(sound), chances.level, source) / 20)
        # what nobody says has no level: a quiet line's hiss stays
        sound = torch.where(spoken[:, None], sound * (level / loudness.clamp_min(1e-3))[:, None], sound)
        sound = sound + self._noise(sound.shape, level, spoken, source)
        floor = FULL_SCALE * 10 ** (self._uniform(len(sound), chances.floor, source) / 20)
        sound = sound + torch.randn(sound.shape, generator=source, device=sound.device) * floor[:, None]
        return self._coded(self._lossy(sound, source), source)

    def _bent(self, sound: Tensor, source: torch.Generator) -> Tensor:
        """A room's echo and a line's tilt, both as one filter."""
        count, length = sound.shape
        size = 1 << (length + RATE // 2).bit_length()
        spectrum = torch.fft.rfft(sound, size) * self._tilts(count, size, source)
        echoes = torch.fft.rfft(self._rooms(count, source), size)
        bent: Tensor = torch.fft.irfft(spectrum * echoes, size)
        return bent[:, :length]

    def _rooms(self, count: int, source: torch.Generator) -> Tensor:
        length = RATE * 45 // 100
        times = torch.arange(length, device=self._noises.device) / RATE
        lasting = self._uniform(count, (0.08, 0.45), source)[:, None]
        strength = self._uniform(count, (0.03, 0.2), source) * self._chosen(count, self._chances.room, source)
        echo = torch.randn((count, length), generator=source, device=times.device)
        echo = echo * torch.exp(-6.9 * times / lasting) * (times < lasting) * strength[:, None]
        echo[:, 0] = 1.0
        return echo

    def _tilts(self, count: int, size: int, source: torch.Generator) -> Tensor:
        hertz = torch.linspace(0.0, RATE / 2, size // 2 + 1, device=self._noises.device)
        gain = self._uniform(count, (-7.0, 7.0), source)[:, None] * (hertz / (RATE / 2) - 0.5) * 2
        for _ in range(2):
            middle = self._uniform(count, (200.0, 3800.0), source)[:, None]
            width = self._uniform(count, (200.0, 900.0), source)[:, None]
            gain = gain + self._uniform(count, (-5.0, 5.0), source)[:, None] * torch.exp(
                -(((hertz - middle) / width) ** 2)
            )
        low = self._uniform(count, (120.0, 350.0), source)[:, None] / hertz.clamp_min(15.0)
        gain = gain - 24.0 * torch.log2(low.clamp_min(1.0)) * self._chosen(count, 0.5, source)[:, None]
        high = (hertz - self._uniform(count, (3000.0, 3800.0), source)[:, None]).clamp_min(0.0)
        gain = gain - high / 10.0 * self._chosen(count, 0.4, source)[:, None]
        return 10 ** (gain * self._chosen(count, self._chances.line, source)[:, None] / 20)

    def _noise(self, shape: Sequence[int], level: Tensor, spoken: Tensor, source: torch.Generator) -> Tensor:
        """By the voice's level and a ratio; where nobody speaks at any level."""
        count, length = shape
        noise = self._cut(count, length, source)
        second = self._chosen(count, self._chances.second, source)[:, None]
        noise = noise + second * self._cut(count, length, source)
        ratio = 10 ** (-self._uniform(count, self._chances.snr, source) / 20)
        noisy = self._chosen(count, self._chances.noisy, source).bool() | ~spoken
        return noise * (level * ratio * noisy)[:, None]

    def _cut(self, count: int, length: int, source: torch.Generator) -> Tensor:
        """A stretch of some noise for each, steady or coming and going."""
        device = self._noises.device
        kinds, available = self._noises.shape
        kind = torch.randint(kinds, (count,), generator=source, device=device)
        start = torch.randint(available - length, (count,), generator=source, device=device)
        noise = self._noises[kind[:, None], start[:, None] + torch.arange(length, device=device)].float()
        beats = torch.rand((count, 1, 2 + length // (RATE // 4)), generator=source, device=device)
        swell = functional.interpolate((beats - 0.5).clamp_min(0.0) * 3, size=length, mode="linear")[:, 0]
        fitful = self._chosen(count, self._chances.fitful, source)[:, None]
        return noise * torch.where(fitful > 0, swell, 1.0)

    def _lossy(self, sound: Tensor, source: torch.Generator) -> Tensor:
        """Packets go in bursts; what fills a gap is nothing, or the packet before at half its size."""
        count, length = sound.shape
        packets = length // PACKET
        share = self._uniform(count, (0.0, self._chances.loss), source)
        share = (share * self._chosen(count, self._chances.lossy, source))[:, None]
        lost = torch.rand((count, packets), generator=source, device=sound.device) < share * 0.6
        again = torch.rand((count, packets), generator=source, device=sound.device) < 0.4
        lost[:, 1:] |= lost[:, :-1] & again[:, 1:]
        lost[:, 0] = False
        whole = sound[:, : packets * PACKET].reshape(count, packets, PACKET)
        before = torch.roll(whole, 1, 1) * 0.5 * self._chosen(count, 0.5, source)[:, None, None]
        return torch.cat([torch.where(lost[..., None], before, whole).flatten(1), sound[:, packets * PACKET :]], 1)

    def _coded(self, sound: Tensor, source: torch.Generator) -> Tensor:
        sound = sound.round().clamp(-FULL_SCALE, FULL_SCALE - 1)
        names = list(self._chances.codecs)
        weights = torch.tensor([self._chances.codecs[name] for name in names], device=sound.device)
        drawn = torch.multinomial(weights, len(sound), replacement=True, generator=source)
        for number, name in enumerate(names):
            rows = torch.nonzero(drawn == number)[:, 0]
            if name == "gsm":
                sound[rows] = self._gsm(sound[rows], source)
            elif name != "none":
                sound[rows] = self._codecs[name][(sound[rows] + FULL_SCALE).long()]
        return sound

    def _gsm(self, sound: Tensor, source: torch.Generator) -> Tensor:
        """Narrowed, its noise a tenth of the voice's envelope."""
        if not len(sound):
            return sound
        power = functional.avg_pool1d(sound.square()[:, None], 2 * HOP + 1, 1, HOP)[:, 0]
        error = torch.randn(sound.shape, generator=source, device=sound.device) * power.sqrt() * 0.12
        noisy = functional.conv1d((sound + error)[:, None], self._lowpass[None, None], padding=SMOOTHING // 2)[:, 0]
        return noisy.round().clamp(-FULL_SCALE, FULL_SCALE - 1)

    def _uniform(self, count: int, bounds: tuple[float, float], source: torch.Generator) -> Tensor:
        low, high = bounds
        return low + (high - low) * torch.rand(count, generator=source, device=self._noises.device)

    def _chosen(self, count: int, share: float, source: torch.Generator) -> Tensor:
        """1.0 for that share, 0.0 for the others."""
        return (torch.rand(count, generator=source, device=self._noises.device) < share).float()


def _loudness(sound: Tensor) -> Tensor:
    """(B,) RMS over the steps that are heard, much as ITU-T P.56 measures."""
    power = sound[:, : sound.shape[1] // HOP * HOP].reshape(len(sound), -1, HOP).square().mean(-1)
    heard = power > HEARD * power.amax(1, keepdim=True)
    return ((power * heard).sum(1) / heard.sum(1).clamp_min(1)).sqrt()


def _codec_tables() -> dict[str, Tensor]:
    """What each of the 65536 samples becomes."""
    every: npt.NDArray[np.int16] = np.arange(-FULL_SCALE, FULL_SCALE, dtype=np.int32).astype(np.int16)
    tables = {"ulaw": decode_ulaw(encode_ulaw(every)), "alaw": decode_alaw(encode_alaw(every))}
    return {name: torch.from_numpy(table.astype(np.float32)) for name, table in tables.items()}


def _lowpass(edge: float) -> Tensor:
    place = torch.arange(SMOOTHING) - SMOOTHING // 2
    taps = torch.sinc(2 * edge / RATE * place) * torch.hann_window(SMOOTHING + 2, periodic=False)[1:-1]
    return taps / taps.sum()
