"""The line check's two boundaries as a picture; matplotlib draws it, and only here is it needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ivr.bench.lines import LineFigures, Point
from ivr.errors import IvrError
from ivr.speech.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, DPI = 10.0, 3.6, 90
"""inches, and dots an inch"""

STYLES = ("-o", "--s", ":^")
"""one a detector"""


def draw(found: Sequence[LineFigures], file: Path) -> Path:
    """Share called too quiet over level, and noisy over SNR; IvrError. `exam.pictures.check` asks for matplotlib."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, layout="constrained")
    left, right = figure.subplots(1, 2)
    for style, each in zip(STYLES, found, strict=False):
        for curve in dict.fromkeys(point.curve for point in each.curves):
            points = [point for point in each.curves if point.curve == curve]
            _plot(left if curve == "level" else right, points, style, f"{curve}, {each.detector}")
    _finish(left, "active speech level, dBFS", "called too quiet, percent", THRESHOLDS.quiet_level)
    _finish(right, "SNR as it was mixed, dB", "called noisy, percent", THRESHOLDS.noisy_snr)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file)
    except OSError as error:
        raise IvrError(f"cannot be written ({error}): name another folder", where=file) from error
    return file


def _plot(axes: Axes, points: Sequence[Point], style: str, label: str) -> None:
    shares = [100 * point.called / point.tried for point in points]
    axes.plot([point.value for point in points], shares, style, label=label, markersize=4)


def _finish(axes: Axes, across: str, up: str, threshold: float) -> None:
    axes.axvline(threshold, color="grey", linewidth=0.8)
    axes.set(xlabel=across, ylabel=up, ylim=(-2, 102))
    axes.invert_xaxis()
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
