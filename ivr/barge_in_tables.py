"""The figures of barge-in, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Group, RenderableType

from ivr.bench.barge_in import ECHOES_DB, Measured, Outcome, Tally, by_echo, tally
from ivr.bench.barge_in_cases import Kind
from ivr.screen import columns, count

ALONE = "webrtcvad alone"


def as_data(found: Measured) -> dict[str, object]:
    """A run as plain data: per echo what we and webrtcvad alone made of it, and of each kind of case."""
    return {
        "cpu_percent": found.cpu_percent,
        "prompt_seconds": found.prompt_seconds,
        "echoes": [
            {
                "echo_db": echo_db,
                **_figures(tally(some)),
                "webrtcvad_alone": _figures(tally(some, alone=True)),
                "kinds": {kind.value: _figures(tally(_of(some, kind))) for kind in Kind},
            }
            for echo_db, some in _groups(found)
        ],
    }


def tables(found: Measured) -> RenderableType:
    """A run as two tables: per echo, and the false stops of each kind of case."""
    rows = []
    for echo_db, some in _groups(found):
        for name, alone in (("ours", False), (ALONE, True)):
            rows.append({"echo": _label(echo_db), "detector": name, **_cells(tally(some, alone=alone))})
    kinds = [
        {"echo": _label(echo_db), **{kind.value: _false(some, kind) for kind in Kind}}
        for echo_db, some in _groups(found)
    ]
    cost = f"processor while a prompt plays, a call: {found.cpu_percent:.2f} % of one core"
    return Group(columns(rows), "", "false stops, by what there was besides our echo", columns(kinds), "", cost)


def _groups(found: Measured) -> list[tuple[int | None, tuple[Outcome, ...]]]:
    return [(echo_db, by_echo(found.outcomes, echo_db)) for echo_db in ECHOES_DB]


def _figures(counted: Tally) -> dict[str, object]:
    data = asdict(counted)
    del data["waits_ms"]
    return {**data, "p50_ms": counted.wait(50), "p95_ms": counted.wait(95)}


def _cells(counted: Tally) -> dict[str, str]:
    heard = {"missed": "", "p50 ms": "", "p95 ms": ""}
    if counted.calls:
        heard["missed"] = _share(counted.missed, counted.calls)
    if counted.waits_ms:
        heard["p50 ms"], heard["p95 ms"] = f"{counted.wait(50):.0f}", f"{counted.wait(95):.0f}"
    return {"false stops": _share(counted.false, counted.cases), **heard}


def _false(some: tuple[Outcome, ...], kind: Kind) -> str:
    counted = tally(_of(some, kind))
    return count(counted.false, counted.cases)


def _of(some: tuple[Outcome, ...], kind: Kind) -> list[Outcome]:
    return [each for each in some if each.kind is kind]


def _share(part: int, whole: int) -> str:
    return f"{count(part, whole)} ({100 * part / whole:.1f} %)"


def _label(echo_db: int | None) -> str:
    return "none" if echo_db is None else f"{echo_db} dB"
