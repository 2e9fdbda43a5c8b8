"""WAV files: read with every doubt voiced, written whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from ivr.audio.frame import RATE, Samples
from ivr.audio.pcm import Fractions, check_pcm, check_rate, to_pcm
from ivr.errors import AudioError

LONGEST_SECONDS = 3600
"""a longer file is no telephone call; it would only fill the memory"""

BLOCK = 65536
"""sample frames decoded at a time, so that an hour of stereo never stands in memory as floats"""

MOST_CHUNKS = 1000
"""RIFF chunks before the sound; a file of empty chunks would keep us busy for minutes"""

MOST_CHANNELS_TO_MIX = 2

LOUDEST = 8.0
"""times full scale: a float file above it was written on another scale, mostly that of int16; clipping would ruin it"""

ENCODINGS = frozenset({0x01, 0x02, 0x03, 0x06, 0x07, 0x11, 0x31})
"""format tags that we take: PCM, Microsoft ADPCM, float, A-law, µ-law, IMA ADPCM, GSM 06.10. libsndfile knows others,
but no telephone system writes them, and its MP3 decoder talks on stderr"""

EXTENSIBLE = 0xFFFE
"""format tag that says: the true one is the first two bytes of the subformat"""

TAG, TAG_RATE, SUBFORMAT = slice(0, 2), slice(4, 8), slice(24, 26)
"""bytes of the fmt chunk"""

SIGNATURES = (
    (b"ID3", "an MP3 file"),
    (b"\xff\xfb", "an MP3 file"),
    (b"\xff\xf3", "an MP3 file"),
    (b"fLaC", "a FLAC file"),
    (b"OggS", "an Ogg file"),
    (b"FORM", "an AIFF file"),
    (b"RF64", "an RF64 file"),
    (b"RIFX", "a big-endian RIFX file"),
)


@dataclass(frozen=True)
class Sound:
    """Mono PCM and how fast it runs."""

    samples: Samples
    rate: int
    """samples a second"""


def read_wav(path: str | Path, *, channel: int | None = None) -> Sound:
    """Read a WAV file of 8 to 48 kHz and at most an hour: PCM, float, A-law, µ-law, ADPCM (IMA, Microsoft), GSM 06.10.

    Stereo is mixed to mono by the mean; `channel`, counted from 0, takes one channel instead. The rate stays
    the file's. Raises AudioError, naming the file, for anything that cannot be trusted: see `_check_file`,
    `_check_riff` and `_check_shape`.
    """
    path = Path(path)
    _check_file(path)
    try:
        _check_riff(path)
        with soundfile.SoundFile(str(path)) as file:
            _check_shape(file, path, channel)
            return Sound(_decode(file, path, channel), file.samplerate)
    # RuntimeError covers soundfile's own errors, UnicodeError a file name that libsndfile cannot be told
    except (OSError, RuntimeError, UnicodeError) as error:
        raise AudioError(f"cannot be read ({error}): export it again as 16-bit PCM WAV", where=path) from error


def write_wav(path: str | Path, samples: npt.NDArray[Any], rate: int = RATE) -> None:
    """Write mono `samples`, int16 or fractions of full scale, as PCM16; no reader ever sees half a file.

    The file is built beside its place, synced and renamed into it. Raises AudioError for samples that are no
    mono sound, a rate outside 8 to 48 kHz, and whatever the disk refuses; the old file then stays as it was.
    """
    path = Path(path)
    check_rate(rate, where=path)
    if np.issubdtype(samples.dtype, np.floating):
        samples = to_pcm(samples)
    check_pcm(samples)
    # encoded in memory: an error inside soundfile's own file callbacks would be printed, not raised
    encoded = io.BytesIO()
    soundfile.write(encoded, samples, rate, format="WAV", subtype="PCM_16")
    try:
        replace_file(path, encoded.getbuffer())
    except (OSError, ValueError) as error:
        raise AudioError(f"cannot be written ({error}): check the folder and its free space", where=path) from error


def replace_file(path: Path, content: memoryview) -> None:
    """Write a file whole or not at all, synced to the disk; OSError when it refuses."""
    # a short name of its own: the file's may already be as long as the file system allows
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check_file(path: Path) -> None:
    """Only a plain file with something in it is opened: a pipe or a device would hang the reader."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise AudioError("no such file: expected a WAV file", where=path) from None
    except (OSError, ValueError) as error:
        raise AudioError(f"cannot be opened ({error}): expected a WAV file", where=path) from error
    if stat.S_ISDIR(found.st_mode):
        raise AudioError("is a folder: name one WAV file in it", where=path)
    if not stat.S_ISREG(found.st_mode):
        raise AudioError("is a pipe or a device: expected a WAV file", where=path)
    if found.st_size == 0:
        raise AudioError("is empty: expected a WAV file; record or copy it again", where=path)


def _check_riff(path: Path) -> None:
    """Check the header by hand, since libsndfile silently shortens a data chunk that claims too much."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            raise AudioError(f"expected a WAV file, found {_kind(head)}: convert it to 16-bit PCM WAV", where=path)
        for name, claimed in _chunks(file):
            if name == b"fmt ":
                _check_form(file.read(SUBFORMAT.stop), path)
            elif name == b"data":
                _check_claim(claimed, os.fstat(file.fileno()).st_size - file.tell(), path)
                return
    raise AudioError("the WAV file has no data chunk: export it again", where=path)


def _check_form(form: bytes, path: Path) -> None:
    check_rate(int.from_bytes(form[TAG_RATE], "little"), where=path)
    tag = int.from_bytes(form[TAG], "little")
    encoding = int.from_bytes(form[SUBFORMAT], "little") if tag == EXTENSIBLE else tag
    if encoding not in ENCODINGS:
        raise AudioError(
            f"is encoded in a way that we do not take (format tag 0x{encoding:04x}): convert it to 16-bit PCM WAV",
            where=path,
        )


def _check_claim(claimed: int, held: int, path: Path) -> None:
    if claimed > held:
        raise AudioError(
            f"the header claims {claimed} bytes of sound, the file holds {held}: it was cut off or never finished; "
            "copy or export it again",
            where=path,
        )
    if claimed == 0:
        raise AudioError("holds no sound (zero samples): record or export it again", where=path)


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each chunk's name and the bytes that it claims; the file then stands at the chunk's content."""
    place = file.tell()
    for _ in range(MOST_CHUNKS):
        file.seek(place)
        header = file.read(8)
        if len(header) < 8:
            return
        size = int.from_bytes(header[4:], "little")
        yield header[:4], size
        # chunks are padded to an even length
        place += 8 + size + size % 2


def _kind(head: bytes) -> str:
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if all(32 <= byte < 127 or byte in b"\r\n\t" for byte in head):
        return f"text beginning {head.decode('ascii')!r}"
    return f"a file beginning with the bytes {head[:4].hex(' ')}"


def _check_shape(file: soundfile.SoundFile, path: Path, channel: int | None) -> None:
    """Rate, length and channels as the header gives them, before anything large is allocated."""
    check_rate(file.samplerate, where=path)
    if file.frames == 0:
        raise AudioError("holds no sound (zero samples): record or export it again", where=path)
    if file.frames > LONGEST_SECONDS * file.samplerate:
        minutes = file.frames / file.samplerate / 60
        raise AudioError(f"expected at most 60 minutes, found {minutes:.0f}: cut it into shorter files", where=path)
    if channel is None and file.channels > MOST_CHANNELS_TO_MIX:
        raise AudioError(f"expected mono or stereo, found {file.channels} channels: name the channel", where=path)
    if channel is not None and not 0 <= channel < file.channels:
        raise AudioError(f"there is no channel {channel}: expected 0 to {file.channels - 1}", where=path)


def _check_values(block: Fractions, path: Path, second: float) -> None:
    if not np.isfinite(block).all():
        found = "no numbers (NaN or infinity)"
    elif np.abs(block).max() > LOUDEST:
        found = f"far beyond full scale ({np.abs(block).max():.3g} where 1.0 is full)"
    else:
        return
    raise AudioError(f"holds values that are {found} after {second:.1f} s: export it as 16-bit PCM WAV", where=path)


def _decode(file: soundfile.SoundFile, path: Path, channel: int | None) -> Samples:
    samples = np.empty(file.frames, dtype=np.int16)
    done = 0
    while done < len(samples):
        block = file.read(BLOCK, dtype="float64", always_2d=True)
        if len(block) == 0:
            raise AudioError(
                f"the sound ends after {done} of {len(samples)} samples: copy or export it again", where=path
            )
        _check_values(block, path, done / file.samplerate)
        mono = block[:, channel] if channel is not None else (block / block.shape[1]).sum(axis=1)
        samples[done : done + len(block)] = to_pcm(mono)
        done += len(block)
    return samples
