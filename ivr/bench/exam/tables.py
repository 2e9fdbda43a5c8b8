"""Results as tables for a terminal and for docs/models.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH, RIGHT, Result, share

WORST = 12
"""confusions that are shown"""

Key = Callable[[Result], tuple[str, ...]]


def show(results: Sequence[Result], console: Console) -> None:
    """Accuracy by question and by voice, rejection, false accepts, and what was most often mistaken."""
    answers = [result for result in results if result.kind == RIGHT]
    _accuracy(answers, "Accuracy by question", ("set", "language", "question"), _by_question, console)
    _accuracy(answers, "Accuracy by voice", ("set", "voice", "language"), _by_voice, console)
    _rejection([result for result in results if result.kind == OTHER_SPEECH], console)
    _false_accepts([result for result in results if result.kind == NO_SPEECH], console)
    _confusions(answers, console)


def _by_question(result: Result) -> tuple[str, ...]:
    return (result.group, result.language, result.question)


def _by_voice(result: Result) -> tuple[str, ...]:
    return (result.group, result.voice, result.language)


def _accuracy(results: Sequence[Result], title: str, heads: Sequence[str], key: Key, console: Console) -> None:
    """Each cell: percent right without `[unk]` / with it."""
    conditions = list(dict.fromkeys(result.condition for result in results))
    if not conditions:
        return
    table = Table(*heads, "n", *conditions, title=Text(f"{title}: percent right, without / with [unk]"))
    for row, members in sorted(_grouped(results, key).items()):
        tried = sum(each.condition == conditions[0] and not each.rejects for each in members)
        table.add_row(*row, str(tried), *(_cell(members, condition) for condition in conditions))
    console.print(table)


def _cell(members: Sequence[Result], condition: str) -> str:
    here = [each for each in members if each.condition == condition]
    return " / ".join(_percent(share(each for each in here if each.rejects == rejects)) for rejects in (False, True))


def _rejection(results: Sequence[Result], console: Console) -> None:
    if not results:
        return
    asked = list(dict.fromkeys(result.question for result in results))
    table = Table("set", "voice", "language", "n", *asked, title="Other speech: percent rejected")
    for row, members in sorted(_grouped(results, _by_voice).items()):
        cells = (_percent(share(each for each in members if each.question == question)) for question in asked)
        table.add_row(*row, str(len(members)), *cells)
    console.print(table)


def _false_accepts(results: Sequence[Result], console: Console) -> None:
    if not results:
        return
    wrong = [result for result in results if not result.right]
    table = Table("sound", "became words", title=f"False accepts: {len(wrong)} of {len(results)}")
    for (sound,), members in _grouped(wrong, lambda result: (result.group,)).items():
        table.add_row(sound, Text(", ".join(f"{each.question} {each.language}: {each.heard}" for each in members)))
    console.print(table)


def _confusions(results: Sequence[Result], console: Console) -> None:
    wrong = Counter(
        (each.language, each.question, each.said, each.heard)
        for each in results
        if not (each.right or each.rejects) and each.condition == "clean"
    )
    if not wrong:
        return
    table = Table("language", "question", "said", "heard", "times", title=Text("Mistaken most, clean, without [unk]"))
    for (language, question, said, heard), times in wrong.most_common(WORST):
        table.add_row(language, question, said, Text(heard or "(nothing)"), str(times))
    console.print(table)


def _grouped(results: Iterable[Result], key: Key) -> dict[tuple[str, ...], list[Result]]:
    groups: defaultdict[tuple[str, ...], list[Result]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return dict(groups)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f}"
