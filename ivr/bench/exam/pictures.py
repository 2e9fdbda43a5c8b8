"""Figures as pictures; matplotlib draws them, and only here is it needed."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.bench.exam.conditions import CLEAN, KNOWN, Condition
from ivr.bench.exam.exam import Examined
from ivr.bench.exam.summary import OTHERWISE, Share, by_voice, confusion, level, noise, shares
from ivr.errors import IvrError, ModelError
from ivr.records import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, ROW = 9.0, 4.5, 0.3
"""inches; a bar takes a row"""

DPI = 120

QUIETEST = 30.0
"""dB at which “no noise” is drawn"""


def check() -> None:
    """ModelError unless pictures can be drawn: to be asked before minutes of examination."""
    try:
        import matplotlib.figure  # noqa: F401, PLC0415 - an extra, which only pictures need
    except ImportError as error:
        raise ModelError("pictures need matplotlib: pip install 'matplotlib>=3.10'") from error


def draw(found: Sequence[Examined], folder: Path) -> tuple[Path, ...]:
    """PNG files in `folder`: over noise, over level, by voice, and the digits of each language; IvrError."""
    check()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with warnings.catch_warnings():
            # a name in characters that the font lacks is drawn as boxes
            warnings.simplefilter("ignore", UserWarning)
            return tuple(_all(found, folder))
    except OSError as error:
        raise IvrError(f"cannot be written ({error}): name another folder", where=folder) from error


def _all(found: Sequence[Examined], folder: Path) -> Iterator[Path]:
    if any(each.curves for each in found):
        over_noise = [(each.name, noise(each)) for each in found]
        yield picture(folder / "snr.png", lambda axes: _curve(axes, over_noise, _snr))
        by_level = [(each.name, level(each)) for each in found]
        yield picture(folder / "level.png", lambda axes: _curve(axes, by_level, _dbfs))
    voices = max(len(_clean(each)) for each in found)
    if voices:
        yield picture(folder / "voices.png", lambda axes: _bars(axes, found), max(HEIGHT, ROW * voices * len(found)))
    for number, each in enumerate(found, 1):
        for language in LANGUAGES:
            matrix = confusion(each.results, language)
            if any(map(sum, matrix)):
                name = f"digits-{language}{f'-{number}' if len(found) > 1 else ''}.png"
                yield picture(folder / name, _matrix(matrix, f"digits, {language}, {each.name}"))


def picture(file: Path, paint: Callable[[Axes], None], height: float = HEIGHT) -> Path:
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    paint(figure.subplots())
    figure.savefig(file)
    return file


def _snr(condition: Condition) -> float:
    return QUIETEST if condition.snr is None else condition.snr


def _dbfs(condition: Condition) -> float:
    return condition.level


def _curve(axes: Axes, curves: Sequence[tuple[str, list[Share]]], where: Callable[[Condition], float]) -> None:
    for name, points in curves:
        for place, rejects in dict.fromkeys((each.place, each.rejects) for each in points):
            line = [each for each in points if (each.place, each.rejects) == (place, rejects)]
            values = [100 * each.right / each.tried for each in line]
            label = f"{name} {place[0]}{', with [unk]' if rejects else ''}"
            axes.plot([where(KNOWN[each.condition]) for each in line], values, "--s" if rejects else "-o", label=label)
    noisy = where is _snr
    axes.set(ylim=(0, 102), ylabel="right, percent")
    axes.set_xlabel(f"dB over pink noise ({QUIETEST:.0f}: none)" if noisy else "active speech level, dBFS")
    if noisy:
        axes.invert_xaxis()
    axes.grid(alpha=0.3)
    _legend(axes)


def _bars(axes: Axes, found: Sequence[Examined]) -> None:
    """Clean line, without `[unk]`; a voice that only one model was asked about leaves a gap at the other."""
    each_model = [_clean(each) for each in found]
    places = list(dict.fromkeys(place for rows in each_model for place in rows))
    thick = 0.8 / len(found)
    for number, (each, rows) in enumerate(zip(found, each_model, strict=True)):
        values = [100 * rows[place].right / rows[place].tried if place in rows else math.nan for place in places]
        at = [row + thick * (number - (len(found) - 1) / 2) for row in range(len(places))]
        written = ["" if math.isnan(value) else f"{value:.0f}" for value in values]
        axes.bar_label(axes.barh(at, values, thick, label=each.name), written, padding=2)
    axes.set_yticks(range(len(places)), [" ".join(place[1:]) for place in places])
    axes.set(xlim=(0, 108), xlabel="right over a clean line, percent")
    axes.invert_yaxis()
    _legend(axes)


def _clean(found: Examined) -> dict[tuple[str, ...], Share]:
    rows = shares(found.results, by_voice)
    return {row.place: row for row in rows if row.condition == CLEAN.name and not row.rejects}


def _legend(axes: Axes) -> None:
    """Beside the picture, never over it."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _matrix(matrix: Sequence[Sequence[int]], title: str) -> Callable[[Axes], None]:
    def paint(axes: Axes) -> None:
        axes.imshow(matrix, cmap="Blues", aspect="auto")
        for said, row in enumerate(matrix):
            most = max(1, *map(max, matrix))
            for heard, times in enumerate(row):
                if times:
                    axes.text(heard, said, str(times), ha="center", va="center", color="wk"[times < most / 2])
        axes.set_xticks(range(OTHERWISE + 1), [*map(str, range(10)), "else"])
        axes.set_yticks(range(10))
        axes.set(xlabel="heard", ylabel="said", title=title)

    return paint
