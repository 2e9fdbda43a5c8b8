"""The benchmark's figures, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.text import Text

from ivr.bench.hearing import table
from ivr.figures import Figures
from ivr.screen import columns, count


def measured(found: Figures) -> dict[str, object]:
    """The benchmark's figures as plain data."""
    return {
        "load": asdict(found.load),
        "speed": {**asdict(found.speed), "times_real_time": found.speed.times_real_time},
        "response_ms": asdict(found.response),
        "first_try": {
            language: {"right": right, "asked": asked} for language, (right, asked) in found.first_try.items()
        },
        "recordings": [
            {
                "recording": trial.name,
                "said": trial.recording.text,
                "heard": trial.heard,
                "understood": trial.understood,
            }
            for trial in found.trials
        ],
    }


def figures(found: Figures) -> RenderableType:
    """The benchmark's figures as tables."""
    speed, load, response = found.speed, found.load, found.response
    rows = [
        (
            "calls, audio time against time taken, one core",
            f"{speed.times_real_time:.0f} × real time ({speed.calls} calls)",
        ),
        ("the same, this process's CPU", f"{speed.cpu_seconds / speed.audio_seconds:.4f} s a second of call"),
        (
            "end of speech → prompt, without the endpoint's wait",
            f"p50 {response.p50:.0f} ms, worst {response.worst:.0f} ms",
        ),
        ("model load", f"{load.seconds:.2f} s"),
        ("model memory", f"{load.megabytes:.0f} MB (process {load.process_megabytes:.0f} MB)"),
    ]
    rows += [
        (f"questions understood at first try, {language}", count(right, asked))
        for language, (right, asked) in found.first_try.items()
    ]
    kinds = [
        {"voice": voice, "language": language, "kind": kind, "understood": count(right, asked)}
        for voice, language, kind, right, asked in table(found.trials)
    ]
    missed = [
        Text(f"{trial.name}: said “{trial.recording.text}”, heard “{trial.heard}”")
        for trial in found.trials
        if not trial.understood
    ]
    return Group(columns({"figure": name, "measured": value} for name, value in rows), "", columns(kinds), "", *missed)
