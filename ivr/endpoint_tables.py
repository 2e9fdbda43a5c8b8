"""The endpointer's figures, for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType

from ivr.bench.endpointing import OURS, PLAIN, Figure
from ivr.screen import columns


def table(found: Iterable[Figure]) -> RenderableType:
    """One row a kind of answer and line, ours before plain webrtcvad."""
    groups: dict[tuple[str, str], dict[str, Figure]] = {}
    for figure in found:
        groups.setdefault((figure.suite, figure.condition), {})[figure.detector] = figure
    return columns(_row(pair[OURS], pair[PLAIN]) for pair in groups.values())


def _row(ours: Figure, plain: Figure) -> dict[str, str]:
    return {
        "answer": ours.suite,
        "line": ours.condition,
        "n": str(ours.trials),
        "cut": _shares(ours.cut, plain.cut),
        "missed": _shares(ours.missed, plain.missed),
        "not ended": _shares(ours.too_long, plain.too_long),
        "noticed p95": _seconds(ours.onset_p95),
        "ended p50": f"{_seconds(ours.latency_p50)} / {_seconds(plain.latency_p50)}",
        "ended p95": f"{_seconds(ours.latency_p95)} / {_seconds(plain.latency_p95)}",
    }


def _shares(ours: float, plain: float) -> str:
    return f"{100 * ours:.0f} / {100 * plain:.0f} %"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
