from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from rich.console import Console

from ivr import values_tables
from ivr.bench import values as values_bench
from ivr.bench.runner import Bench
from ivr.bench.value_cases import DRAWS, House, ValueCase, cases, written
from ivr.bench.values import VOICES, Result, ValueTrial, confusions, result_of, shares, speakers
from ivr.calls.equipment import Equipment
from ivr.dialogue.understand.answer import Answer
from ivr.errors import VoiceError
from ivr.records import LANGUAGES, Language
from ivr.speech.voices import CALLER_VOICES
from tests.conftest import FIGURE

SEED = 7
WANTED = 0.8
"""of the sample; the whole benchmark is in docs/hearing.md"""


@pytest.fixture(scope="module")
def values_house(equipment: Equipment) -> House:
    return House(equipment.flows, equipment.catalogue, equipment.settings.room_lengths)


@pytest.fixture(scope="module")
def trials(values_house: House, bench: Bench) -> tuple[ValueTrial, ...]:
    found: list[ValueTrial] = []
    for language, names in VOICES.items():
        speaking = {names[0]: bench.voices[names[0]]}
        sample = cases(values_house, language, 1, SEED)
        found += values_bench.run(sample, speaking, bench.equipment.recogniser, lambda: None)
    return tuple(found)


def test_what_we_say_comes_back_over_a_telephone_line(
    trials: tuple[ValueTrial, ...], record_property: Callable[[str, object], None]
) -> None:
    right = sum(trial.result is Result.RIGHT for trial in trials)
    wrong = sum(trial.result is Result.WRONG for trial in trials)
    record_property(FIGURE, f"values said and heard: {right} of {len(trials)} right, {wrong} wrong")
    assert {trial.case.kind for trial in trials} == set(DRAWS)
    assert right >= WANTED * len(trials)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_means_itself_to_a_perfect_ear(values_house: House, language: Language) -> None:
    """Otherwise the figures would blame the recogniser for what the understanding lacks."""
    for case in cases(values_house, language, 60, SEED):
        assert case.slot.from_words(written(case.text), language, case.context) == case.meant
        assert case.meant.outcome in case.slot.outcomes or case.meant.outcome in case.context.choices
        assert bool(case.meant.also) == (case.kind == "day and time")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_full_run_has_five_hundred_values_of_a_language(values_house: House, language: Language) -> None:
    found = [(case.kind, case.text, *case.context.choices) for case in cases(values_house, language, 80, SEED)]
    assert len(set(found)) == len(found) >= 500


def test_a_seed_gives_the_same_values_and_another_one_others(values_house: House) -> None:
    def said(seed: int) -> list[str]:
        return [case.text for case in cases(values_house, "zh", 5, seed)]

    assert said(1) == said(1) != said(2)


@pytest.mark.parametrize(
    ("meant", "got", "result"),
    [
        (Answer("understood", "18:30"), Answer("understood", "18:30"), Result.RIGHT),
        (Answer("understood", "18:30"), Answer("needs_half", "06:30"), Result.ASKED_AGAIN),
        (Answer("understood", "18:30"), Answer("needs_half", "07:30"), Result.WRONG),
        (Answer("understood", "18:30", {"day": "friday"}), Answer("understood", "18:30"), Result.WRONG),
        (Answer("understood", "mr 王"), Answer("needs_title", "王"), Result.ASKED_AGAIN),
        (Answer("understood", "mr 王"), Answer("needs_title", "黄"), Result.WRONG),
        (Answer("understood", "friday"), Answer("needs_day", "next_week"), Result.ASKED_AGAIN),
        (Answer("agreed"), Answer("refused"), Result.WRONG),
        (Answer("agreed"), Answer("unclear"), Result.ASKED_AGAIN),
        (Answer("agreed"), Answer("operator"), Result.WRONG),
    ],
)
def test_a_value_is_right_asked_again_or_wrong(meant: Answer, got: Answer, result: Result) -> None:
    assert result_of(meant, got) is result


def test_what_was_confused_is_counted_by_characters_or_words(trials: tuple[ValueTrial, ...]) -> None:
    heard = _heard(trials[0].case, "九五 [unk]")
    assert [(each.said, each.heard, each.times) for each in confusions((heard, heard))] == [("五七", "[unk]", 2)]


def _heard(case: ValueCase, heard: str) -> ValueTrial:
    said = replace(case, language="zh", text="九五五七")
    return ValueTrial(said, "zh-m3", heard, Answer("unclear"), Result.ASKED_AGAIN)


def test_shares_count_every_trial_once_by_kind_and_once_in_all(trials: tuple[ValueTrial, ...]) -> None:
    found = shares(trials)
    assert sum(each.values for each in found if each.kind == "all") == len(trials)
    assert sum(each.values for each in found if each.kind != "all") == len(trials)
    assert all(each.right + each.asked_again + each.wrong == each.values for each in found)


def test_the_voices_are_two_a_language_and_not_the_desks_own() -> None:
    assert {language: len(set(names)) for language, names in VOICES.items()} == {"zh": 2, "en": 2}
    assert all(CALLER_VOICES[name].language == language for language, names in VOICES.items() for name in names)
    assert speakers(["en-us-f5", "zh-m8", "en-us-f5"]) == {"zh": ("zh-m8",), "en": ("en-us-f5",)}
    with pytest.raises(VoiceError, match="zh-m3"):
        speakers(["nobody"])


def test_the_figures_are_shown_as_tables_and_as_data(trials: tuple[ValueTrial, ...]) -> None:
    console = Console(width=160)
    with console.capture() as shown:
        console.print(values_tables.figures(trials))
    assert all(kind in shown.get() for kind in (*DRAWS, "all", Result.ASKED_AGAIN, Result.WRONG))
    data: Mapping[str, object] = values_tables.as_data(trials)
    assert set(data) == {"shares", "confusions", "misses"}
