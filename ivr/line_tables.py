"""The line check's figures, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType

from ivr.bench.lines import KeyLine, LineFigures
from ivr.screen import columns, count
from ivr.speech.line import LineKind

SHOWN_MISSES = 20


def figures(found: Sequence[LineFigures], keys: Sequence[KeyLine]) -> RenderableType:
    """Every detector's confusion table, curves and cost, and the keypad's shares."""
    parts: list[RenderableType] = []
    for each in found:
        parts += [*_overview(each), ""]
    return Group(*parts, "keys, strings of eight through µ-law:", _keys(keys))


def as_data(found: LineFigures) -> dict[str, object]:
    """One detector's figures as plain data."""
    right, tried = found.right
    return {
        "detector": found.detector,
        "right": right,
        "tried": tried,
        "confusion": {kind.value: dict(row) for kind, row in found.confusion.items()},
        "tones_right": dict(zip(("right", "tried"), found.tones, strict=True)),
        "false_keys": found.false_keys,
        "curves": [asdict(point) for point in found.curves],
        "cost": asdict(found.cost),
        "misses": [
            {"case": each.case.name, "report": asdict(each.report)}
            for each in found.judged
            if each.case.kind is not each.report.kind
        ],
    }


def _overview(found: LineFigures) -> list[RenderableType]:
    right, tried = found.right
    cost = found.cost
    milliseconds = [1000.0 * each / cost.sound for each in (cost.detector, cost.check, cost.keypad)]
    tone_right, tones = found.tones
    return [
        f"{found.detector}: {count(right, tried)} right ({right / tried:.1%}); a row is what it was",
        _confusion(found),
        f"kind of tone right {count(tone_right, tones)}; keys heard where nobody pressed one: {found.false_keys}",
        "milliseconds of processor for a second of sound: detector {:.2f}, line check {:.2f}, keypad {:.2f}; slowest "
        "report {:.1f} ms".format(*milliseconds, 1000.0 * cost.report),
        "percent called too quiet by level, noisy by SNR:",
        _curves(found),
        *(
            f"{each.case.name}: {each.report.kind}"
            for each in [one for one in found.judged if one.case.kind is not one.report.kind][:SHOWN_MISSES]
        ),
    ]


def _confusion(found: LineFigures) -> RenderableType:
    return columns(
        {
            "line": kind.value,
            **{other.value: str(row[other] or "·") for other in LineKind},
            "right": f"{row[kind] / row.total():.1%}" if row else "",
        }
        for kind, row in found.confusion.items()
    )


def _curves(found: LineFigures) -> RenderableType:
    """One line a point's place, as the curves have different axes: the level's, then the SNR's."""
    rows = []
    for curve in dict.fromkeys(point.curve for point in found.curves):
        points = [point for point in found.curves if point.curve == curve]
        shares = "  ".join(f"{point.value:g}: {100 * point.called / point.tried:.0f}" for point in points)
        rows.append({"curve": "level, dBFS" if curve == "level" else f"{curve}, dB", "percent": shares})
    return columns(rows)


def _keys(lines: Sequence[KeyLine]) -> RenderableType:
    return columns(
        {
            "dBFS": f"{line.dbfs:g}",
            "SNR": f"{line.snr:g}",
            "on and off, ms": str(line.ms),
            "right": count(line.right, line.tried),
        }
        for line in lines
    )
