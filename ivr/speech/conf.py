"""A model's conf/mfcc.conf: Kaldi's options for what it hears of a sound, and as we need them."""

from __future__ import annotations

from pathlib import Path

from ivr.audio.frame import RATE
from ivr.errors import ModelError
from ivr.speech.graph import REMEDY

KALDI_RATE = 16000.0
"""sample frequency of an mfcc.conf that names none (Kaldi's default)"""

NO_DITHER = "--dither=0"
TAKES_TELEPHONE = "--allow-upsample=true"


def sample_rate(path: Path) -> int:
    """Samples a second that the model was trained on, from conf/mfcc.conf; ModelError unless it is a number."""
    conf = path / "conf/mfcc.conf"
    return _rate(conf, options(conf))


def options(conf: Path) -> list[str]:
    """Kaldi's options, one a line, without comments."""
    try:
        text = conf.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"cannot be read ({error}); {REMEDY}", where=conf) from error
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]


def mended(conf: Path) -> list[str]:
    """The options as we need them: no dither, and telephone sound accepted where the model wants a wider band."""
    lines = options(conf)
    if _number(conf, lines, "--dither", default=1.0) != 0.0:
        lines = [line for line in lines if not line.startswith("--dither=")] + [NO_DITHER]
    if _rate(conf, lines) > RATE and TAKES_TELEPHONE not in lines:
        lines = [line for line in lines if not line.startswith("--allow-upsample=")] + [TAKES_TELEPHONE]
    return lines


def _rate(conf: Path, lines: list[str]) -> int:
    rate = _number(conf, lines, "--sample-frequency", default=KALDI_RATE)
    if not (rate.is_integer() and rate >= RATE):
        raise ModelError(f"expected --sample-frequency of {RATE} or more, found {rate:g}; {REMEDY}", where=conf)
    return int(rate)


def _number(conf: Path, lines: list[str], option: str, default: float) -> float:
    """The value of an option, the last one where it stands twice, as Kaldi reads it."""
    values = [line.partition("=")[2].strip() for line in lines if line.partition("=")[0].strip() == option]
    try:
        return float(values[-1]) if values else default
    except ValueError:
        raise ModelError(f"expected a number after {option}=, found {values[-1]!r}; {REMEDY}", where=conf) from None
