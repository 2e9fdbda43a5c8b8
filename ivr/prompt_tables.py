"""How the prompts sound, as a table for a terminal."""

from __future__ import annotations

from rich.table import Table

from ivr.prompt_review import Measured, average
from ivr.screen import columns


def paces(found: tuple[Measured, ...]) -> Table:
    """A row for each profile and language: how many, how long, how fast."""
    groups: dict[tuple[str, str], list[Measured]] = {}
    for each in found:
        groups.setdefault((each.line.profile, each.line.words.language), []).append(each)
    return columns(
        {
            "profile": profile,
            "language": language,
            "prompts": str(len(group)),
            "recorded": str(sum(each.source == "recording" for each in group)),
            "seconds": f"{sum(each.sound.seconds for each in group):.0f}",
            "longest": f"{max(each.sound.seconds for each in group):.0f}",
            "a minute": f"{average(group):.0f}",
            "slowest": f"{min(each.sound.per_minute for each in group):.0f}",
            "fastest": f"{max(each.sound.per_minute for each in group):.0f}",
            "wanted": str(group[0].line.target),
            "level dBFS": _span([each.sound.level_dbfs for each in group]),
        }
        for (profile, language), group in groups.items()
    )


def _span(levels: list[float]) -> str:
    return f"{min(levels):.1f} to {max(levels):.1f}"
