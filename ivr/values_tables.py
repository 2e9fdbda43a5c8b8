"""The value benchmark's figures, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType

from ivr.bench.values import Confusion, Result, ValueShare, ValueTrial, confusions, shares
from ivr.records import LANGUAGES
from ivr.screen import columns

SHOWN_CONFUSIONS = 12
"""of a language"""

SHOWN_WRONG = 20
"""of a language"""


def figures(trials: Sequence[ValueTrial]) -> RenderableType:
    """The shares, what was confused, and what would have been read back wrongly."""
    parts: list[RenderableType] = [columns(map(_share, shares(trials)))]
    found = confusions(trials)
    for language in LANGUAGES:
        confused = [each for each in found if each.language == language][:SHOWN_CONFUSIONS]
        wrong = [each for each in trials if each.case.language == language and each.result is Result.WRONG]
        if confused:
            parts += ["", f"{language}: confused most often", columns(map(_confusion, confused))]
        if wrong:
            parts += ["", f"{language}: wrong values, {len(wrong)}", columns(map(_wrong, wrong[:SHOWN_WRONG]))]
    return Group(*parts)


def as_data(trials: Sequence[ValueTrial]) -> dict[str, object]:
    """The figures as plain data; of the trials, those that were not right."""
    return {
        "shares": [asdict(each) for each in shares(trials)],
        "confusions": [
            {"language": each.language, "said": each.said, "heard": each.heard, "times": each.times}
            for each in confusions(trials)
        ],
        "misses": [
            {
                "kind": each.case.kind,
                "language": each.case.language,
                "voice": each.voice,
                "said": each.case.text,
                "heard": each.heard,
                "meant": asdict(each.case.meant),
                "got": asdict(each.got),
                "result": each.result.value,
            }
            for each in trials
            if each.result is not Result.RIGHT
        ],
    }


def _share(each: ValueShare) -> dict[str, str]:
    return {
        "language": each.language,
        "voice": each.voice,
        "kind": each.kind,
        "values": str(each.values),
        "right": f"{each.right / each.values:.1%}",
        Result.ASKED_AGAIN.value: f"{each.asked_again / each.values:.1%}",
        Result.WRONG.value: f"{each.wrong / each.values:.1%}",
    }


def _confusion(each: Confusion) -> dict[str, str]:
    return {
        "said": each.said or "–",
        "heard": each.heard or "–",
        "times": str(each.times),
        "for example": f"“{each.example.case.text}” as “{each.example.heard}”",
    }


def _wrong(each: ValueTrial) -> dict[str, str]:
    return {
        "kind": each.case.kind,
        "voice": each.voice,
        "said": each.case.text,
        "heard": each.heard,
        "taken for": each.got.value or each.got.outcome,
    }
