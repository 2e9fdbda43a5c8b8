"""Files and sounds that nobody should send us: an error that names the file, or a call's outcome; nothing else."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ivr.audio.frame import RATE, Samples, frames, silence
from ivr.audio.level import scale
from ivr.audio.tones import tone
from ivr.audio.wav import read_wav
from ivr.bench.voices import recorded
from ivr.calls.equipment import Equipment
from ivr.errors import AudioError
from ivr.records import Hearing, HearingKind
from ivr.replay import read_caller
from ivr.speech.endpoint import EndpointRule, rule_for
from ivr.speech.listener import Listener
from ivr.speech.listening import LATENCY
from ivr.speech.vad import WebrtcVoiceDetector
from tests.conftest import RECORDINGS

EXAMPLES = 220

RULE = EndpointRule(wait=RATE, trailing=RATE // 2, longest=2 * RATE)
"""short, so that a sound of three seconds is endless"""

GRAMMARS = {"en": ("yes", "no"), "zh": ("是的", "不是")}
YES = recorded(RECORDINGS / "callers" / "jm_kumo" / "en-agreement-yes.wav")

Wave = npt.NDArray[np.float64]

CODES: dict[int, tuple[int, Callable[[Wave], bytes]]] = {
    1: (16, lambda wave: (np.clip(np.nan_to_num(wave), -1, 0.99997) * 32768).astype("<i2").tobytes()),
    3: (32, lambda wave: wave.astype("<f4").tobytes()),
    6: (8, lambda wave: (np.clip(np.nan_to_num(wave), -1, 0.99) * 128 + 128).astype(np.uint8).tobytes()),
    7: (8, lambda wave: (np.clip(np.nan_to_num(wave), -1, 0.99) * 128 + 128).astype(np.uint8).tobytes()),
}
"""format tag → (bits, samples as bytes)"""

WAVES: dict[str, Callable[[int, np.random.RandomState], Wave]] = {
    "silence": lambda count, _: np.zeros(count),
    "direct current": lambda count, source: np.full(count, source.uniform(-1, 1)),
    "white noise": lambda count, source: source.standard_normal(count) * 10 ** source.uniform(-4, 0),
    "clipping": lambda count, source: np.clip(source.standard_normal(count) * 9, -1, 1),
    "square wave": lambda count, source: np.where(np.arange(count) // source.randint(1, 400) % 2, 1.0, -1.0),
    "alternating extremes": lambda count, _: np.where(np.arange(count) % 2, 1.0, -1.0),
    "endless tone": lambda count, source: 0.5 * np.sin(np.arange(count) * source.uniform(0.01, 3.1)),
    "one click": lambda count, source: np.where(np.arange(count) == source.randint(count), 1.0, 0.0),
    "clipped speech": lambda count, source: np.clip(np.resize(YES, count) / 32768 * source.uniform(1, 50), -1, 1),
    "faint speech": lambda count, source: np.resize(YES, count) / 32768 * 10 ** source.uniform(-4, -1),
    "speech on direct current": lambda count, source: np.resize(YES, count) / 65536 + source.uniform(-0.4, 0.4),
    "NaN in it": lambda count, source: np.where(np.arange(count) == source.randint(count), np.nan, 0.1),
    "infinity in it": lambda count, source: np.where(np.arange(count) == source.randint(count), -np.inf, 0.1),
    "far too large": lambda count, source: source.standard_normal(count) * 1e30,
}

HOURS_48 = 48 * 3600 * RATE * 2


FAULTS = ("rate", "channels", "tag", "claim", "form", "before", "size", "end")
"""places of a header that can be wrong"""


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """A WAV file: any sound of up to three seconds, behind a header that is right or wrong in one or two places."""
    faults = draw(st.one_of(st.just(frozenset[str]()), st.frozensets(st.sampled_from(FAULTS), max_size=2)))

    def chosen(place: str, right: Sequence[Any], wrong: Sequence[Any]) -> Any:
        return draw(st.sampled_from(wrong if place in faults else right))

    rate = chosen("rate", (8000, 11025, 16000, 48000), (0, 1, 7999, 96_000, 2**31))
    channels = chosen("channels", (1, 2), (0, 3, 65535))
    tag = chosen("tag", (1, 3, 6, 7), (0, 2, 0x11, 0x31, 0x55, 0xFFFE))
    bits, coded = CODES.get(tag, CODES[1])
    count = draw(st.sampled_from((0, 1, 2, 159, rate, 2 * rate, 3 * rate))) % (3 * 48_000 + 1)
    source = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    wave = WAVES[draw(st.sampled_from(sorted(WAVES)))](count, source) if count else np.zeros(0)
    data = coded(np.repeat(wave, 2) if channels == 2 else wave)
    claim = chosen("claim", (len(data),), (0, 1, len(data) + 1, max(0, len(data) - 3), HOURS_48, 2**32 - 1))
    block = max(1, channels * bits // 8)
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block % 2**32, block % 2**16, bits)
    form = chosen("form", (form,), (form + bytes(24), form[:9], b""))
    before = chosen("before", (b"",), (b"LIST\5\0\0\0abcde\0", b"junk\xff\xff\xff\xff", b"data\0\0\0\0"))
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form + before + b"data" + struct.pack("<I", claim) + data
    whole: bytes = b"RIFF" + struct.pack("<I", chosen("size", (len(chunks),), (0, 3, 2**32 - 1))) + chunks
    end: int = chosen("end", (len(whole),), (3, 11, 20, 40, len(whole) - 1))
    return whole[:end]


ANYTHING = st.one_of(*(hostile() for _ in range(9)), st.binary(max_size=200))


def longest(rule: EndpointRule) -> int:
    """Samples after which a listening is over, whatever comes."""
    return rule.wait + rule.begin_within + rule.longest + LATENCY + RATE // 10


async def heard(equipment: Equipment, sound: Samples, rule: EndpointRule) -> Hearing:
    ears = Listener(equipment.recogniser, WebrtcVoiceDetector(), key_sounds=True)
    ears.begin(GRAMMARS, rule, longest_keys=4)  # type: ignore[arg-type]  # plain strings are languages
    for frame in frames(np.concatenate([sound, silence(longest(rule) + 4 * RATE)])):
        if ears.push(frame):
            return await ears.result()
    raise AssertionError("no outcome")


def read(path: Path) -> Samples | None:
    complaint = None
    try:
        return read_caller(path)
    except AudioError as error:
        complaint = error
    assert complaint.where == str(path)
    assert str(complaint).startswith(f"{path}: ")
    assert "\n" not in str(complaint)
    return None


def outcome(equipment: Equipment, path: Path, rule: EndpointRule = RULE) -> HearingKind | None:
    """What a listening makes of a file; None for a file that is refused, in one line that names it."""
    sound = read(path)
    if sound is None:
        return None
    hearing = asyncio.run(heard(equipment, sound, rule))
    if hearing.kind is not HearingKind.KEYS:
        assert hearing.decided <= longest(rule)
    if hearing.level_dbfs is not None:
        assert -100.0 <= hearing.level_dbfs <= 0.0
    return hearing.kind


def test_two_hundred_hostile_files_are_refused_or_heard_to_an_end(equipment: Equipment, tmp_path: Path) -> None:
    path, found = tmp_path / "hostile.wav", Counter[HearingKind | None]()

    @settings(
        derandomize=True,
        database=None,
        max_examples=EXAMPLES,
        # no example is ever worth minutes of shrinking here: the file that failed is left for whoever looks
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(ANYTHING)
    def meet(content: bytes) -> None:
        path.write_bytes(content)
        found[outcome(equipment, path)] += 1

    meet()
    assert found.total() >= 200
    assert found[None] >= 50
    assert found.total() - found[None] >= 50
    assert len(found) >= 5


ENDLESS = 13 * RATE
SOUNDS = {
    "a tone without end": tone((1000.0,), 13.0, -10.0),
    "keys without end": np.resize(tone((697.0, 1209.0), 0.1, -10.0), ENDLESS),
    "direct current": np.full(ENDLESS, 20_000, dtype=np.int16),
    "extremes in turn": np.resize(np.array([32767, -32768], dtype=np.int16), ENDLESS),
    "clipping noise": np.where(np.random.RandomState(1).standard_normal(ENDLESS) > 0, 32767, -32768).astype(np.int16),
    "clipped speech without a pause": scale(np.resize(YES, ENDLESS), 60.0),
    "nothing": silence(ENDLESS),
    "one sample": np.array([-32768], dtype=np.int16),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_without_end_ends_with_its_question(equipment: Equipment, tmp_path: Path, name: str) -> None:
    soundfile.write(tmp_path / "a.wav", SOUNDS[name], RATE)
    kind = outcome(equipment, tmp_path / "a.wav", rule_for("agreement"))
    assert kind is not None
    assert (kind is HearingKind.SILENT) == (name in {"direct current", "nothing", "one sample"})


def test_a_header_of_48_hours_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<I", len(form)) + form + b"data"
    (tmp_path / "claims.wav").write_bytes(head + struct.pack("<I", HOURS_48) + bytes(320))
    with pytest.raises(AudioError, match="claims 2764800000 bytes of sound, the file holds 320"):
        read_wav(tmp_path / "claims.wav")
    (tmp_path / "is.wav").write_bytes(head + struct.pack("<I", HOURS_48))
    with (tmp_path / "is.wav").open("r+b") as sparse:
        sparse.truncate(44 + HOURS_48)
    with pytest.raises(AudioError, match="at most 60 minutes, found 2880"):
        read_wav(tmp_path / "is.wav")
