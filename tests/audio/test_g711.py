from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.errors import AudioError

EVERY_SAMPLE = np.arange(-32768, 32768).astype(np.int16)
EVERY_CODE = bytes(range(256))
BOTH = pytest.mark.parametrize(
    ("encode", "decode", "subtype"),
    [(encode_ulaw, decode_ulaw, "ULAW"), (encode_alaw, decode_alaw, "ALAW")],
    ids=["ulaw", "alaw"],
)
Encode = Callable[[np.ndarray], bytes]
Decode = Callable[[bytes], np.ndarray]


@BOTH
def test_all_256_codes_decode_as_in_libsndfile(encode: Encode, decode: Decode, subtype: str) -> None:
    theirs, _ = soundfile.read(
        io.BytesIO(EVERY_CODE), dtype="int16", samplerate=8000, channels=1, format="RAW", subtype=subtype
    )
    assert np.array_equal(decode(EVERY_CODE), theirs)


@BOTH
def test_all_65536_samples_encode_as_in_libsndfile(encode: Encode, decode: Decode, subtype: str) -> None:
    theirs = io.BytesIO()
    soundfile.write(theirs, EVERY_SAMPLE, 8000, format="RAW", subtype=subtype)
    assert encode(EVERY_SAMPLE) == theirs.getvalue()


@BOTH
def test_a_decoded_code_encodes_to_itself(encode: Encode, decode: Decode, subtype: str) -> None:
    # mu-law alone has two zeros, and our zero is the positive one
    two_zeros = EVERY_CODE.replace(b"\x7f", b"\xff") if subtype == "ULAW" else EVERY_CODE
    assert encode(decode(EVERY_CODE)) == two_zeros


@BOTH
def test_coding_never_turns_louder_into_quieter(encode: Encode, decode: Decode, subtype: str) -> None:
    assert np.all(np.diff(decode(encode(EVERY_SAMPLE)).astype(int)) >= 0)


@BOTH
def test_the_error_stays_within_half_a_step(encode: Encode, decode: Decode, subtype: str) -> None:
    error = np.abs(decode(encode(EVERY_SAMPLE)).astype(int) - EVERY_SAMPLE)
    # within the codec's range the error is at most half a step, and a step is at most a sixteenth of its segment
    inside = np.abs(EVERY_SAMPLE.astype(int)) <= 32635
    assert np.all(error[inside] <= np.maximum(8, (np.abs(EVERY_SAMPLE.astype(int)) + 132)[inside] / 32))


@BOTH
@given(samples=arrays.arrays(np.int16, st.integers(0, 200)), step=st.sampled_from([1, 2, -1]))
def test_a_second_coding_changes_nothing_more(
    encode: Encode, decode: Decode, subtype: str, samples: np.ndarray, step: int
) -> None:
    once = decode(encode(samples[::step]))
    assert once.dtype == np.int16
    assert len(once) == len(samples[::step])
    assert np.array_equal(decode(encode(once)), once)


def test_g711s_own_tables_hold_at_the_ends_of_the_segments() -> None:
    # tables 2a and 1a: decision values, mu-law's on the 14-bit and A-law's on the 12-bit scale, and their signals
    begins = np.array([0, 1, 31, 95, 4063, 7903], np.int16) * 4
    assert encode_ulaw(begins).hex() == "fffeefdf8f80"
    assert encode_ulaw(begins[1:] - np.int16(1)).hex() == "fff0e09081"
    assert encode_ulaw(np.array([32767, -32768], np.int16)).hex() == "8000"
    begins = np.array([0, 1, 32, 64, 1024], np.int16) * 16
    assert encode_alaw(begins).hex() == "d5d4f5e5a5"
    assert encode_alaw(begins[1:] - np.int16(1)).hex() == "d5cafaba"
    assert encode_alaw(np.array([32767, -32768], np.int16)).hex() == "aa2a"


def test_silence_is_the_byte_that_telephones_send() -> None:
    assert encode_ulaw(np.zeros(2, np.int16)) == b"\xff\xff"
    assert encode_alaw(np.zeros(2, np.int16)) == b"\xd5\xd5"


@BOTH
def test_floats_are_refused(encode: Encode, decode: Decode, subtype: str) -> None:
    with pytest.raises(AudioError, match="expected int16 mono"):
        encode(np.zeros(5))
