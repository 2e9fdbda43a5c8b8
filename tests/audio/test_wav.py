from __future__ import annotations

import contextlib
import io
import os
import resource
import stat
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.frame import silence
from ivr.audio.level import rms_dbfs
from ivr.audio.tones import tone
from ivr.audio.wav import LONGEST_SECONDS, read_wav, write_wav
from ivr.errors import AudioError
from ivr.replay import read_caller

PCM = arrays.arrays(np.int16, st.integers(1, 500))
SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def wav_bytes(
    data: bytes = bytes(320), *, rate: int = 8000, channels: int = 1, claim: int | None = None, extra: bytes = b""
) -> bytes:
    """A WAV header that says what it is told to say, right or wrong."""
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2 % 2**32, channels * 2, 16)
    size = len(data) if claim is None else claim
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + extra + b"data" + struct.pack("<I", size) + data
    return b"RIFF" + struct.pack("<I", min(len(body), 2**32 - 1)) + body


def foreign(form: str) -> bytes:
    encoded = io.BytesIO()
    soundfile.write(encoded, np.zeros(8000), 8000, format=form)
    return encoded.getvalue()


@SAME_FOLDER
@given(PCM, st.integers(8000, 48000))
def test_what_was_written_is_read_back_to_the_sample(tmp_path: Path, samples: np.ndarray, rate: int) -> None:
    write_wav(tmp_path / "a.wav", samples, rate)
    sound = read_wav(tmp_path / "a.wav")
    assert sound.rate == rate
    assert np.array_equal(sound.samples, samples)


@SAME_FOLDER
@given(st.integers(0, 60), st.binary(max_size=60))
def test_a_header_spoilt_anywhere_gives_a_sound_or_an_error_of_ours(tmp_path: Path, at: int, junk: bytes) -> None:
    good = wav_bytes()
    (tmp_path / "a.wav").write_bytes(good[:at] + junk + good[at + len(junk) :])
    with contextlib.suppress(AudioError):
        assert len(read_wav(tmp_path / "a.wav").samples) > 0


@pytest.mark.parametrize(
    ("subtype", "tolerance"),
    [
        ("PCM_16", 0),
        ("PCM_24", 0),
        ("PCM_32", 0),
        ("FLOAT", 0),
        ("DOUBLE", 0),
        ("PCM_U8", 257),
        ("ULAW", 600),
        ("ALAW", 600),
    ],
)
@pytest.mark.parametrize("form", ["WAV", "WAVEX"])
def test_every_common_encoding_is_read(tmp_path: Path, subtype: str, tolerance: int, form: str) -> None:
    samples = np.random.default_rng(1).integers(-32768, 32768, 2000).astype(np.int16)
    soundfile.write(tmp_path / "a.wav", samples / 32768, 16000, subtype=subtype, format=form)
    sound = read_wav(tmp_path / "a.wav")
    assert sound.rate == 16000
    assert sound.samples.dtype == np.int16
    assert np.abs(sound.samples.astype(int) - samples).max() <= tolerance


@pytest.mark.parametrize("subtype", ["IMA_ADPCM", "MS_ADPCM", "GSM610"])
def test_the_codecs_of_old_recorders_are_decoded_to_what_was_said(tmp_path: Path, subtype: str) -> None:
    sound = tone((440.0, 660.0), 1.0, -12.0)
    soundfile.write(tmp_path / "a.wav", sound, 8000, subtype=subtype)
    heard = read_wav(tmp_path / "a.wav").samples
    assert len(heard) - len(sound) in range(321)
    wrong = heard[: len(sound)].astype(float) - sound
    # 20 dB and more between what was said and what the codec made of it
    assert np.square(wrong).mean() < np.square(sound.astype(float)).mean() / 100


@pytest.mark.parametrize("subtype", ["G721_32", "NMS_ADPCM_16", "NMS_ADPCM_32"])
def test_other_codecs_are_refused_by_their_number(tmp_path: Path, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", silence(8000), 8000, subtype=subtype)
    with pytest.raises(AudioError, match=r"format tag 0x00\d\d\): convert it to 16-bit PCM"):
        read_wav(tmp_path / "a.wav")


def test_an_mp3_within_a_wav_is_refused_before_its_decoder_sees_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(wav_bytes(b"\xff\xfb\x90\x64" + bytes(4000)))
    content[20:22] = b"\x55\0"
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioError, match="0x0055"):
        read_wav(tmp_path / "a.wav")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("subformat", "taken"), [(1, True), (0x55, False)])
def test_of_an_extensible_header_the_true_encoding_counts(tmp_path: Path, subformat: int, *, taken: bool) -> None:
    soundfile.write(tmp_path / "a.wav", np.ones(800) / 2, 8000, subtype="PCM_16", format="WAVEX")
    content = bytearray((tmp_path / "a.wav").read_bytes())
    assert content[20:22] == b"\xfe\xff"
    content[44:46] = struct.pack("<H", subformat)
    (tmp_path / "a.wav").write_bytes(content)
    with contextlib.nullcontext() if taken else pytest.raises(AudioError, match="0x0055"):
        assert read_wav(tmp_path / "a.wav").samples.tolist() == [16384] * 800


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 48000])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "PCM_U8", "ALAW", "ULAW"])
def test_every_rate_and_encoding_is_the_same_call_at_8_khz(tmp_path: Path, rate: int, subtype: str) -> None:
    left, right = tone((440.0,), 1.0, -20.0, rate), tone((1000.0,), 1.0, -14.0, rate)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1) / 32768, rate, subtype=subtype)
    for channel, hertz, level in ((0, 440, -20.0), (1, 1000, -14.0)):
        heard = read_caller(tmp_path / "a.wav", channel)
        assert len(heard) == pytest.approx(8000, abs=1)
        middle = heard[1000:7000]
        assert np.argmax(np.abs(np.fft.rfft(middle))) * 8000 / len(middle) == pytest.approx(hertz, abs=2)
        assert rms_dbfs(middle) == pytest.approx(level, abs=0.5)


def test_24_bits_are_rounded_and_not_cut(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([255 << 8, -255 << 8, 127 << 8], np.int32), 8000, subtype="PCM_24")
    assert read_wav(tmp_path / "a.wav").samples.tolist() == [1, -1, 0]


def test_floats_beyond_full_scale_are_clipped(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([2.0, -3.0, 0.5]), 8000, subtype="DOUBLE")
    assert read_wav(tmp_path / "a.wav").samples.tolist() == [32767, -32768, 16384]


@pytest.mark.parametrize("peak", [32767.0, -1e308])
def test_floats_on_another_scale_are_refused_and_not_clipped_to_noise(tmp_path: Path, peak: float) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([[0.0, peak]] * 9), 8000, subtype="DOUBLE")
    with pytest.raises(AudioError, match="far beyond full scale"):
        read_wav(tmp_path / "a.wav")


def test_stereo_is_mixed_unless_a_channel_is_named(tmp_path: Path) -> None:
    both = np.array([[100, 300], [-32768, -32768], [32767, 32767]], np.int16)
    soundfile.write(tmp_path / "a.wav", both, 8000)
    assert read_wav(tmp_path / "a.wav").samples.tolist() == [200, -32768, 32767]
    assert read_wav(tmp_path / "a.wav", channel=0).samples.tolist() == both[:, 0].tolist()
    assert read_wav(tmp_path / "a.wav", channel=1).samples.tolist() == both[:, 1].tolist()


def test_a_third_channel_must_be_named(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([[1, 2, 3]] * 5, np.int16), 8000)
    assert read_wav(tmp_path / "a.wav", channel=2).samples.tolist() == [3] * 5
    with pytest.raises(AudioError, match="found 3 channels: name the channel"):
        read_wav(tmp_path / "a.wav")


@pytest.mark.parametrize("channel", [-1, 2])
def test_a_channel_that_is_not_there_is_refused(tmp_path: Path, channel: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((5, 2)), 8000)
    with pytest.raises(AudioError, match=f"no channel {channel}: expected 0 to 1"):
        read_wav(tmp_path / "a.wav", channel=channel)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"hello, this is a letter", "found text beginning 'hello, this '"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0", "found a file beginning with the bytes 7f 45 4c 46"),
        (b"ID3\x03" + bytes(4000), "found an MP3 file"),
        (b"\xff\xfb\x90\x64" + bytes(4000), "found an MP3 file"),
        (foreign("FLAC"), "found a FLAC file"),
        (foreign("OGG"), "found an Ogg file"),
        (foreign("AIFF"), "found an AIFF file"),
        (foreign("RF64"), "found an RF64 file"),
        (b"RIFF\x04\0\0\0WAVE", "has no data chunk"),
        (b"RIFF\x04\0\0\0WAVE" + bytes(100_000), "has no data chunk"),
        (wav_bytes(b""), "zero samples"),
        (wav_bytes(claim=0), "zero samples"),
        (wav_bytes(b"\1"), "zero samples"),
        (wav_bytes(claim=16000), "claims 16000 bytes of sound, the file holds 320"),
        (wav_bytes(claim=2**32 - 1), "claims 4294967295 bytes"),
        (wav_bytes(rate=0), "8000 to 48000 samples a second, found 0"),
        (wav_bytes(rate=4000), "found 4000"),
        (wav_bytes(rate=2**32 - 1), "found 4294967295"),
        (wav_bytes(channels=0), "cannot be read"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_file_that_is_no_sound_wav_is_refused_by_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes, complaint: str
) -> None:
    path = tmp_path / "prompt.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=complaint) as caught:
        read_wav(path)
    assert caught.value.where == str(path)
    # libsndfile's MP3 reader talks on stderr about files that it does not like
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_a_float_file_with_values_that_are_no_numbers_is_refused(tmp_path: Path, wrong: float) -> None:
    values = np.zeros((200_000, 2), np.float32)
    values[150_000, 1] = wrong
    soundfile.write(tmp_path / "a.wav", values, 48000, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"NaN or infinity\) after 2\.7 s"):
        read_wav(tmp_path / "a.wav")


def test_a_missing_file_a_folder_a_device_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path, complaint in [
        (tmp_path / "none.wav", "no such file"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe.wav", "is a pipe or a device"),
        (Path("/dev/zero"), "is a pipe or a device"),
        (Path("a\0b.wav"), "cannot be opened"),
        (tmp_path / ("a" * 300), "cannot be opened"),
    ]:
        with pytest.raises(AudioError, match=complaint) as caught:
            read_wav(path)
        assert caught.value.where == str(path)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.wav"))
    path.write_bytes(wav_bytes())
    with pytest.raises(AudioError, match="cannot be read"):
        read_wav(path)


def test_chunks_before_and_after_the_sound_are_passed_over(tmp_path: Path) -> None:
    odd = b"LIST" + struct.pack("<I", 5) + b"abcde\0"
    (tmp_path / "a.wav").write_bytes(wav_bytes(b"\1\0" * 80, extra=odd) + odd)
    assert read_wav(tmp_path / "a.wav").samples.tolist() == [1] * 80


def test_more_than_an_hour_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    size = (LONGEST_SECONDS * 8000 + 1) * 2
    path.write_bytes(wav_bytes(b"", claim=size))
    # a sparse file: nothing of it is on the disk
    os.truncate(path, path.stat().st_size + size)
    tracemalloc.start()
    try:
        with pytest.raises(AudioError, match="expected at most 60 minutes, found 60"):
            read_wav(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_floats_are_written_as_fractions_of_full_scale(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.array([0.5, -1.0, 1.0, 2.0], np.float32))
    assert read_wav(tmp_path / "a.wav").samples.tolist() == [16384, -32768, 32767, 32767]


def test_the_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    samples = np.arange(100, dtype=np.int16)
    write_wav(tmp_path / "a.wav", samples)
    write_wav(tmp_path / "b.wav", samples)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()
    assert soundfile.info(tmp_path / "a.wav").subtype == "PCM_16"


def test_a_written_file_replaces_the_old_one_with_the_rights_of_a_common_file(tmp_path: Path) -> None:
    path = tmp_path / ("字" * 80 + ".wav")
    (tmp_path / "common").touch()
    write_wav(path, np.zeros(5, np.int16))
    write_wav(path, np.ones(5, np.int16))
    assert read_wav(path).samples.tolist() == [1] * 5
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "common").stat().st_mode)
    assert sorted(tmp_path.iterdir()) == sorted([path, tmp_path / "common"])


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, np.ones(5, np.int16))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(AudioError, match="cannot be written") as caught:
            write_wav(path, np.zeros(5000, np.int16))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.where == str(path)
    assert read_wav(path).samples.tolist() == [1] * 5
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in [tmp_path / "none" / "a.wav", tmp_path / "folder", tmp_path / "a\0b.wav"]:
        with pytest.raises(AudioError, match="cannot be written"):
            write_wav(path, np.zeros(5, np.int16))
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


@pytest.mark.parametrize("wrong", [np.zeros(5, np.int32), np.zeros((5, 2), np.int16), np.array([np.nan])])
def test_samples_that_are_no_mono_sound_are_not_written(tmp_path: Path, wrong: np.ndarray) -> None:
    with pytest.raises(AudioError):
        write_wav(tmp_path / "a.wav", wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_rate_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="found 4000"):
        write_wav(tmp_path / "a.wav", np.zeros(5, np.int16), 4000)
