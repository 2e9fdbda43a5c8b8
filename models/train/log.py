"""What a training tells: a bar where a person looks on, a line now and then, and log.jsonl for pictures."""

from __future__ import annotations

import json
import sys
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from models.train.trainer import Lesson

RECENT = 50
"""steps over which loss and accuracy are averaged"""

LINE_EVERY = 50
"""steps between two lines"""


class Log:
    """Writes to `folder`/log.jsonl and to the terminal; use it as a context."""

    def __init__(self, folder: Path, title: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "log.jsonl").open("a", encoding="utf-8")
        self._recent: deque[Lesson] = deque(maxlen=RECENT)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>5.1f} %  {task.fields[state]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            disable=not sys.stdout.isatty(),
        )
        self._task = self._bar.add_task(title, total=1.0, state="")

    def lesson(self, step: int, lesson: Lesson, progress: float, audio_seconds: float, wall_seconds: float) -> None:
        """One step is done."""
        self._recent.append(lesson)
        loss = sum(each.loss for each in self._recent) / len(self._recent)
        accuracy = sum(each.accuracy for each in self._recent) / len(self._recent)
        self._bar.update(self._task, completed=progress, state=f"loss {loss:.2f}, rows {accuracy:.1%}")
        if step % LINE_EVERY:
            return
        hours = audio_seconds / 3600
        self._write(
            {
                "step": step,
                "loss": round(loss, 4),
                "rows": round(accuracy, 4),
                "rate": round(lesson.rate, 7),
                "audio_hours": round(hours, 4),
                "wall_seconds": round(wall_seconds, 1),
            }
        )
        speed = audio_seconds / max(1.0, wall_seconds)
        self.say(
            f"{wall_seconds:7.0f} s  step {step:6d}  loss {loss:.3f}  rows {accuracy:6.1%}  "
            f"rate {lesson.rate:.1e}  {hours:7.2f} h of speech, {speed:.0f} × real time"
        )

    def marks(self, step: int, marks: dict[str, float]) -> None:
        """An exam on the tune split."""
        self._write({"step": step, "tune": {name: round(mark, 4) for name, mark in marks.items()}})
        self.say("           tune  " + "  ".join(f"{name} {mark:.1%}" for name, mark in marks.items()))

    def say(self, text: str) -> None:
        self._bar.console.print(text, soft_wrap=True, highlight=False)

    def _write(self, row: dict[str, object]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        self._file.close()
