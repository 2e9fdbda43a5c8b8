"""Results as figures: shares, curves, the confusion of digits. Plain data for tables, pictures and JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ivr.bench.exam.conditions import KNOWN, LEVELS, NOISES, Condition
from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH, RIGHT, Result
from ivr.bench.exam.exam import Examined
from ivr.bench.exam.questions import ROOM, tokens
from ivr.dialogue.normalise import EN_DIGITS, ZH_DIGITS
from ivr.records import LANGUAGES, Language

DIGITS: Mapping[str, int] = {
    **{word: digit for digit, word in enumerate(ZH_DIGITS)},
    "幺": 1,
    **{word: digit for digit, word in enumerate(EN_DIGITS)},
    "oh": 0,
}

OTHERWISE = 10
"""column of the matrix for what was heard as no digit"""

WORST = 20
"""confusions that are told"""


@dataclass(frozen=True)
class Share:
    """How many of a group's answers were right over one kind of line."""

    place: tuple[str, ...]
    """set and language, or set, voice and language"""
    condition: str
    rejects: bool
    """whether the grammar held `[unk]`"""
    right: int
    tried: int


def by_set(result: Result) -> tuple[str, ...]:
    return (result.group, result.language)


def by_voice(result: Result) -> tuple[str, ...]:
    return (result.group, result.voice, result.language)


def by_language(result: Result) -> tuple[str, ...]:
    return (result.language,)


def shares(results: Iterable[Result], key: Callable[[Result], tuple[str, ...]]) -> list[Share]:
    """Of right answers, in the order in which they were asked."""
    groups: defaultdict[tuple[tuple[str, ...], str, bool], list[bool]] = defaultdict(list)
    for result in results:
        if result.kind == RIGHT:
            groups[key(result), result.condition, result.rejects].append(result.right)
    return [Share(*place, sum(hits), len(hits)) for place, hits in groups.items()]


def curve(results: Iterable[Result], conditions: Sequence[Condition]) -> list[Share]:
    """Shares of each language over these lines, in their order."""
    found = shares(results, by_language)
    names = [condition.name for condition in conditions]
    return sorted((each for each in found if each.condition in names), key=lambda each: names.index(each.condition))


def noise(found: Examined) -> list[Share]:
    return curve(found.curves, NOISES)


def level(found: Examined) -> list[Share]:
    return curve(found.curves, LEVELS)


def confusion(results: Iterable[Result], language: Language) -> list[list[int]]:
    """Said (0 … 9) → heard (0 … 9, something else), of digits and of rooms heard with as many; a clean line."""
    matrix = [[0] * (OTHERWISE + 1) for _ in range(10)]
    for result in results:
        if result.kind == RIGHT and result.language == language and not result.rejects and result.condition == "clean":
            for said, heard in _pairs(result):
                matrix[said][heard] += 1
    return matrix


def _pairs(result: Result) -> list[tuple[int, int]]:
    if result.question not in {"digit", ROOM}:
        return []
    said, heard = tokens(result.said, result.language), tokens(result.heard, result.language)
    if not all(word in DIGITS for word in said) or (result.question == ROOM and len(said) != len(heard)):
        return []
    if len(said) != len(heard):
        heard = ("",) * len(said)
    return [(DIGITS[one], DIGITS.get(other, OTHERWISE)) for one, other in zip(said, heard, strict=True)]


def mistaken(results: Iterable[Result]) -> list[dict[str, Any]]:
    """What was mistaken for what over a clean line, without `[unk]`; the most frequent first."""
    wrong = Counter(
        (each.language, each.question, each.said, each.heard)
        for each in results
        if each.kind == RIGHT and not (each.right or each.rejects) and each.condition == "clean"
    )
    return [
        {"language": language, "question": question, "said": said, "heard": heard, "times": times}
        for (language, question, said, heard), times in wrong.most_common(WORST)
    ]


def counted(results: Iterable[Result], kind: str) -> dict[str, int]:
    """How many of what must be rejected were."""
    hits = [result.right for result in results if result.kind == kind]
    return {"rejected": sum(hits), "tried": len(hits)}


def as_data(found: Examined) -> dict[str, Any]:
    """Everything, ready for JSON."""
    return {
        "model": found.name,
        "bytes": found.size,
        "load_seconds": found.load_seconds,
        "seconds_a_second": found.speed,
        "unknown_phrases": found.deaf,
        "by_set": [asdict(each) for each in shares(found.results, by_set)],
        "by_voice": [asdict(each) for each in shares(found.results, by_voice)],
        "by_snr": [{**asdict(each), "db": KNOWN[each.condition].snr} for each in noise(found)],
        "by_level": [{**asdict(each), "dbfs": KNOWN[each.condition].level} for each in level(found)],
        "digits": {language: confusion(found.results, language) for language in LANGUAGES},
        "mistaken": mistaken(found.results),
        "other_speech": counted(found.results, OTHER_SPEECH),
        "no_speech": counted(found.results, NO_SPEECH),
    }
