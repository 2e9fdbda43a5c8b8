from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

from rich.console import Console

from ivr.audio.frame import Samples
from ivr.audio.tones import tone
from ivr.bench.exam.conditions import CLEAN, REPORTED
from ivr.bench.exam.evaluate import Result, examine, false_accepts, read, save, share
from ivr.bench.exam.questions import questions
from ivr.bench.exam.tables import show
from ivr.bench.exam.trials import Trial
from ivr.records import Language

YESNO = questions("en")[0]
VOICE = tone((300.0, 700.0), 0.5, -20.0)
YES = Trial("voices", "1", "joe", "en", "yes", VOICE, YESNO)
BANANA = Trial("voices", "2", "joe", "en", "grandpa sleeps", VOICE, None)


class Parrot:
    """Hears one thing, whatever is said."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.asked: Counter[bool] = Counter()

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str:
        self.asked[rejects] += 1
        return self.words


def test_an_answer_is_heard_over_every_line_with_and_without_rejection() -> None:
    parrot = Parrot("yes")
    results = list(examine(parrot, [YES], REPORTED))
    assert parrot.asked == {True: 3, False: 3}
    assert share(results) == 1.0
    assert [result.condition for result in results] == ["clean", "clean", "snr10", "snr10", "minus20", "minus20"]


def test_a_listener_without_rejection_is_asked_once_a_line() -> None:
    parrot = Parrot("yes")
    assert len(list(examine(parrot, [YES], REPORTED, [False]))) == 3
    assert parrot.asked == {False: 3}


def test_the_wrong_words_and_no_words_are_wrong_answers() -> None:
    assert share(examine(Parrot("no"), [YES], [CLEAN])) == 0.0
    assert share(examine(Parrot("[unk]"), [YES], [CLEAN])) == 0.0


def test_other_speech_is_right_when_no_word_was_heard() -> None:
    assert share(examine(Parrot("[unk]"), [BANANA], [CLEAN])) == 1.0
    assert share(examine(Parrot(""), [BANANA], [CLEAN])) == 1.0
    assert share(examine(Parrot("yes [unk]"), [BANANA], [CLEAN])) == 0.0


def test_other_speech_is_tried_at_every_question_that_it_shares_no_word_with() -> None:
    asked = [result.question for result in examine(Parrot(""), [BANANA], REPORTED)]
    assert asked == ["agreement", "menu", "digit", "room_number", "clock_time"]


def test_sounds_are_tried_at_every_question_of_both_languages() -> None:
    results = list(false_accepts(Parrot("一")))
    assert {(result.language, result.question) for result in results} >= {("zh", "room_number"), ("en", "clock_time")}
    assert share(results) == 0.0


def test_results_come_back_from_their_file(tmp_path: Path) -> None:
    results = list(examine(Parrot("no"), [YES, BANANA], REPORTED))
    save(results, tmp_path / "new/results.jsonl")
    assert read(tmp_path / "new/results.jsonl") == results


def test_the_tables_show_shares_and_what_was_mistaken() -> None:
    out = io.StringIO()
    results = [*examine(Parrot("no"), [YES, BANANA], REPORTED), *false_accepts(Parrot(""))]
    show(results, Console(file=out, width=140))
    text = out.getvalue()
    assert "0 / 0" in text
    assert "Other speech" in text
    assert f"False accepts: 0 of {sum(1 for each in results if each.kind == 'no speech')}" in text
    assert "yes" in text.split("Mistaken most")[1]


def test_nothing_has_no_share() -> None:
    none: list[Result] = []
    assert share(none) is None
    show(none, Console(file=io.StringIO()))
