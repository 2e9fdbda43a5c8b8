from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from ivr.bench.hearing import Trial
from ivr.bench.speed import Load, Response, Speed
from ivr.bench.voices import Recording
from ivr.figure_tables import figures, measured
from ivr.figures import Figures

HEARD = Trial(Recording(Path("zh-room.wav"), "kumo", "kokoro", "zh", "room", "八零五"), "八 零", understood=False)
FOUND = Figures(
    load=Load(0.12, 28.0, 190.0),
    speed=Speed(calls=30, audio_seconds=2000.0, wall_seconds=20.0, cpu_seconds=16.0),
    response=Response(turns=6, p50=47.0, worst=52.0),
    first_try={"zh": (50, 53), "en": (35, 38)},
    trials=(HEARD,),
)


def test_the_figures_are_read_by_people() -> None:
    shown = io.StringIO()
    Console(file=shown, width=120).print(figures(FOUND))
    text = shown.getvalue()
    assert "100 × real time (30 calls)" in text
    assert "p50 47 ms, worst 52 ms" in text
    assert "50/53" in text
    assert "kumo/zh-room.wav: said “八零五”, heard “八 零”" in text


def test_the_figures_are_read_by_programs() -> None:
    data = json.loads(json.dumps(measured(FOUND), ensure_ascii=False))
    assert data["speed"]["times_real_time"] == 100.0
    assert data["first_try"]["en"] == {"right": 35, "asked": 38}
    assert data["recordings"][0]["understood"] is False
