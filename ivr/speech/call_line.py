"""A whole call's line, from the reports of its turns: for the record, and to know how loud the caller is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from ivr.speech.line import LineKind, LineReport

WORST_FIRST = (
    LineKind.TONE,
    LineKind.NOISY,
    LineKind.CHOPPY,
    LineKind.TOO_QUIET,
    LineKind.UNANSWERED,
    LineKind.SILENT,
    LineKind.NORMAL,
)
"""what troubles a call most: a machine, then a line on which words are lost, then a caller who may yet be heard"""


@dataclass
class CallLine:
    """One call's line, turn by turn; one object a call."""

    reports: list[LineReport] = field(default_factory=list)

    def add(self, report: LineReport) -> None:
        self.reports.append(report)

    @property
    def own_level(self) -> float | None:
        """The caller's own level so far: median of the turns whose line was normal, dBFS; None before the first."""
        return _median([each.level_dbfs for each in self.reports if each.kind is LineKind.NORMAL])

    @property
    def level_dbfs(self) -> float | None:
        """Median over the turns with voice."""
        return _median([each.level_dbfs for each in self.reports])

    @property
    def snr_db(self) -> float | None:
        """Median over the turns with voice."""
        return _median([each.snr_db for each in self.reports])

    @property
    def worst(self) -> LineKind | None:
        """By WORST_FIRST; None before the first turn."""
        return min((each.kind for each in self.reports), key=WORST_FIRST.index, default=None)

    @property
    def shares(self) -> Mapping[LineKind, float]:
        """Share of the turns, of every kind that occurred, the commonest first."""
        counted = Counter(each.kind for each in self.reports)
        return {kind: count / len(self.reports) for kind, count in counted.most_common()}


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 1) if known else None
