"""An examination's figures, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Group, RenderableType

from ivr.bench.exam.conditions import KNOWN
from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH
from ivr.bench.exam.exam import Examined
from ivr.bench.exam.summary import Share, by_set, counted, level, noise, shares
from ivr.screen import columns

SOME = 5
"""phrases that are named"""


def overview(found: Examined) -> RenderableType:
    """One model: what it costs, how much it understands of each set, over noise, and over level."""
    speed = f"loaded in {found.load_seconds:.2f} s, {found.speed:.4f} s of processor for a second of sound"
    parts: list[RenderableType] = [f"{found.name}: {found.size / 1e6:.1f} MB, {speed}"]
    if found.deaf:
        named = ", ".join(found.deaf[:SOME])
        parts.append(f"no words for {len(found.deaf)} phrases of the questions: {named}")
    parts += ["", "percent right, without / with [unk]", _table(("set", "language"), shares(found.results, by_set))]
    if found.curves:
        parts += ["", "the same over noise (dB), a few of all", _curve(noise(found))]
        parts += ["", "the same by level (dBFS), a few of all", _curve(level(found))]
    other, sounds = counted(found.results, OTHER_SPEECH), counted(found.results, NO_SPEECH)
    parts += ["", f"other speech rejected: {other['rejected']} of {other['tried']}"]
    parts += [f"sounds without speech taken for words: {sounds['tried'] - sounds['rejected']} of {sounds['tried']}"]
    return Group(*parts)


def comparison(found: Sequence[Examined]) -> RenderableType:
    """Every set and line, one model beside the other."""
    names = [each.name for each in found]
    # two models may have one folder's name
    titles = [name if names.count(name) == 1 else f"{number}: {name}" for number, name in enumerate(names, 1)]
    rows: dict[tuple[tuple[str, ...], str, bool], list[Share | None]] = {}
    for number, each in enumerate(found):
        for share in shares(each.results, by_set):
            place = (share.place, share.condition, share.rejects)
            rows.setdefault(place, [None] * len(found))[number] = share
    return columns(
        {
            "set": place[0],
            "language": place[1],
            "line": condition,
            "[unk]": "with" if rejects else "without",
            **{title: _percent(share) for title, share in zip(titles, cells, strict=True)},
            "better by": _gain(cells),
        }
        for (place, condition, rejects), cells in rows.items()
    )


def _gain(cells: Sequence[Share | None]) -> str:
    """Points that the second model is better by."""
    both = [100 * share.right / share.tried for share in cells if share is not None]
    return " ".join(f"{second - first:+.0f}" for first, second in pairwise(both))


def _table(heads: Sequence[str], found: Sequence[Share]) -> RenderableType:
    conditions = list(dict.fromkeys(share.condition for share in found))
    return columns(
        {
            **dict(zip(heads, place, strict=True)),
            "n": str(max(share.tried for share in found if share.place == place)),
            **{name: _both(found, place, name) for name in conditions},
        }
        for place in dict.fromkeys(share.place for share in found)
    )


def _curve(found: Sequence[Share]) -> RenderableType:
    named = [Share(share.place, _label(share.condition), share.rejects, share.right, share.tried) for share in found]
    return _table(("language",), named)


def _label(name: str) -> str:
    condition = KNOWN[name]
    if condition.snr is not None:
        return f"{condition.snr:.0f} dB"
    return f"clean, {condition.level:.0f} dBFS" if name == "clean" else f"{condition.level:.0f}"


def _both(found: Sequence[Share], place: tuple[str, ...], condition: str) -> str:
    cells = {share.rejects: share for share in found if (share.place, share.condition) == (place, condition)}
    return " / ".join(_percent(cells.get(rejects)) for rejects in (False, True)) if cells else ""


def _percent(share: Share | None) -> str:
    return "–" if share is None else f"{100 * share.right / share.tried:.0f}"
