"""The sounds of bad lines: noise, other people, music, the network's tones, lost packets. Seeded, RMS 1 unless said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Samples
from ivr.audio.pcm import Fractions, to_fractions
from ivr.audio.tones import DTMF_KEYS, dtmf

Source = np.random.RandomState
"""numpy promises this old generator's numbers for ever"""

TALKERS = 6
"""whose voices together make babble"""


LEAST_TONE = 0.5
"""seconds of tone in a window that is to be one"""

VOICE_DB = 20.0
"""under the loudest packet within which a packet holds voice"""


@dataclass(frozen=True)
class NetworkTone:
    """A tone that a network or a machine sends, as steps of (frequencies, seconds); no frequency is a pause."""

    kind: ToneKind
    steps: tuple[tuple[tuple[float, ...], float], ...]


def _on_off(kind: ToneKind, hertz: tuple[float, ...], on: float, off: float) -> NetworkTone:
    return NetworkTone(kind, ((hertz, on), ((), off)))


TONES: Mapping[str, NetworkTone] = MappingProxyType(
    {
        "dial 450": NetworkTone(ToneKind.DIAL, (((450.0,), 20.0),)),
        "dial 425": NetworkTone(ToneKind.DIAL, (((425.0,), 20.0),)),
        "dial 350+440": NetworkTone(ToneKind.DIAL, (((350.0, 440.0), 20.0),)),
        "busy 450": _on_off(ToneKind.BUSY, (450.0,), 0.35, 0.35),
        "busy 425": _on_off(ToneKind.BUSY, (425.0,), 0.5, 0.5),
        "busy 480+620": _on_off(ToneKind.BUSY, (480.0, 620.0), 0.5, 0.5),
        "congestion 450": _on_off(ToneKind.BUSY, (450.0,), 0.7, 0.7),
        "ringback 450": _on_off(ToneKind.RINGBACK, (450.0,), 1.0, 4.0),
        "ringback 425": _on_off(ToneKind.RINGBACK, (425.0,), 1.0, 4.0),
        "ringback 440+480": _on_off(ToneKind.RINGBACK, (440.0, 480.0), 2.0, 4.0),
        "ringback 400+450": NetworkTone(
            ToneKind.RINGBACK, (((400.0, 450.0), 0.4), ((), 0.2), ((400.0, 450.0), 0.4), ((), 2.0))
        ),
        "fax calling": _on_off(ToneKind.FAX_CNG, (1100.0,), 0.5, 3.0),
        "fax called": NetworkTone(ToneKind.FAX_CED, (((2100.0,), 20.0),)),
        "special information": NetworkTone(
            ToneKind.OTHER, (((950.0,), 0.33), ((1400.0,), 0.33), ((1800.0,), 0.33), ((), 1.0))
        ),
        "beep": _on_off(ToneKind.OTHER, (1000.0,), 0.4, 5.0),
    }
)
"""E.180 and T.30; `keypad` besides, see `keypad`"""

KEYPAD = "keypad"


def white(source: Source, count: int) -> Fractions:
    noise: Fractions = source.standard_normal(count)
    return noise


def pink(source: Source, count: int) -> Fractions:
    """Power falls with frequency."""
    spectrum = np.fft.rfft(source.standard_normal(count))
    return _levelled(np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 20.0), count))


def music(source: Source, count: int) -> Fractions:
    """Music on hold, crudely: plucked major triads with overtones, a new one every quarter to half second."""
    sound = np.zeros(count)
    start = 0
    while start < count:
        size = min(round(RATE * source.uniform(0.25, 0.6)), count - start)
        times = np.arange(size) / RATE
        root = 220.0 * 2 ** (source.randint(0, 12) / 12)
        pluck = np.exp(-3.0 * times) * (1.0 - np.exp(-200.0 * times))
        for step in (0, 4, 7):
            for harmonic in range(1, 6):
                hertz = root * 2 ** (step / 12) * harmonic
                sound[start : start + size] += pluck * np.sin(2 * np.pi * hertz * times) / harmonic
        start += size
    return _levelled(sound)


def babble(source: Source, count: int, voices: Sequence[Samples]) -> Fractions:
    """Six people who talk at once."""
    return _levelled(np.sum([talk(source, count, voices) for _ in range(TALKERS)], axis=0))


def talk(source: Source, count: int, voices: Sequence[Samples], pause: tuple[float, float] = (0.05, 0.3)) -> Fractions:
    """One voice after another with pauses of so many seconds, as loud as they are recorded."""
    pieces: list[Fractions] = []
    size = 0
    while size < count:
        said = to_fractions(_core(voices[source.randint(len(voices))]))
        pieces += [said, np.zeros(round(RATE * source.uniform(*pause)))]
        size += len(said) + len(pieces[-1])
    return np.concatenate(pieces)[:count]


def network_tone(name: str, source: Source, count: int) -> Fractions:
    """A tone of TONES from a random moment of it on, RMS 1 while it sounds."""
    if name == KEYPAD:
        return keypad("".join(DTMF_KEYS[source.randint(len(DTMF_KEYS))] for _ in range(count // RATE * 10)), count)
    steps = TONES[name].steps
    round_trip = np.concatenate([_step(hertz, seconds) for hertz, seconds in steps])
    least = min(LEAST_TONE, 0.9 * sum(seconds for hertz, seconds in steps if hertz)) * RATE
    while True:
        sound = np.resize(np.roll(round_trip, -source.randint(len(round_trip))), count)
        # a window that holds less of the tone is no case of it
        if np.count_nonzero(sound) >= least:
            return sound


def keypad(keys: str, count: int) -> Fractions:
    """Keys of 100 ms, 100 ms apart, RMS 1 while they sound."""
    return np.resize(to_fractions(dtmf(keys, dbfs=-20.0)) * 10.0, count)


def lossy(sound: Samples, source: Source, share: float, *, repeat: bool) -> Samples:
    """Lose packets of 20 ms in bursts of one to three, until `share` of those with voice are gone.

    A lost packet becomes silence, or the packet before once more. With voice are those within VOICE_DB of the loudest.
    """
    packet = RATE // 50
    heard = sound.copy()
    first = packet + source.randint(packet)
    count = (len(sound) - first) // packet
    packets = to_fractions(sound)[first : first + count * packet].reshape(count, packet)
    power = np.square(packets).mean(axis=1)
    voice = power > power.max() * 10.0 ** (-VOICE_DB / 10.0)
    lost = np.zeros(count, dtype=bool)
    while lost[voice].mean() < share:
        number = source.randint(count)
        lost[number : number + source.randint(1, 4)] = True
    for start in (first + packet * np.flatnonzero(lost)).tolist():
        heard[start : start + packet] = heard[start - packet : start] if repeat else 0
    return heard


def _step(hertz: tuple[float, ...], seconds: float) -> Fractions:
    times = np.arange(round(seconds * RATE)) / RATE
    waves = [np.sin(2 * np.pi * each * times) for each in hertz]
    return np.sum(waves, axis=0) * np.sqrt(2.0 / len(hertz)) if waves else np.zeros(len(times))


def _core(samples: Samples) -> Samples:
    """A recording without its quiet ends."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 300)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _levelled(sound: Fractions) -> Fractions:
    levelled: Fractions = sound / np.sqrt(np.mean(np.square(sound)))
    return levelled


Noise = Callable[[Source, int, Sequence[Samples]], Fractions]

NOISES: Mapping[str, Noise] = MappingProxyType(
    {
        "white": lambda source, count, _: white(source, count),
        "pink": lambda source, count, _: pink(source, count),
        "babble": babble,
        "music": lambda source, count, _: music(source, count),
    }
)
