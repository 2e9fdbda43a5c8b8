from __future__ import annotations

import pytest

from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.slots import SLOTS, declared
from ivr.records import Language

MENU = SLOTS["menu_choice"]
CHOICES = {"wake_up": "1", "goodbye": "3"}


@pytest.fixture
def context(catalogue: Catalogue) -> Context:
    return Context(choices=CHOICES, words=catalogue.choices)


@pytest.mark.parametrize(
    ("language", "said", "choice"),
    [
        ("zh", "叫醒 服务", "wake_up"),
        ("zh", "叫醒", "wake_up"),
        ("zh", "预订 叫醒", "wake_up"),
        ("zh", "[unk] 叫醒 [unk]", "wake_up"),
        ("zh", "再见", "goodbye"),
        ("zh", "不用 了", "goodbye"),
        ("zh", "叫醒 再见", "unclear"),
        ("zh", "服务", "unclear"),
        ("zh", "", "unclear"),
        ("zh", "[unk]", "unclear"),
        ("en", "wake up call", "wake_up"),
        ("en", "wake up", "wake_up"),
        ("en", "book wake up call", "unclear"),
        ("en", "book a wake up call", "wake_up"),
        ("en", "wake up the call", "wake_up"),
        ("en", "bye", "goodbye"),
        ("en", "wake up goodbye", "unclear"),
        ("en", "wake", "unclear"),
        ("en", "call", "unclear"),
        ("en", "", "unclear"),
    ],
)
def test_a_choice_by_words(context: Context, language: Language, said: str, choice: str) -> None:
    answer = MENU.from_words(said, language, context)
    assert answer == (Answer("unclear") if choice == "unclear" else Answer(choice, choice))


def test_words_and_keys_of_one_choice_are_one_answer(context: Context) -> None:
    assert MENU.from_keys("1", context) == MENU.from_words("叫醒", "zh", context)
    assert MENU.from_keys("3", context) == MENU.from_words("goodbye", "en", context)


@pytest.mark.parametrize("keys", ["", "2", "13", "0", "*"])
def test_other_keys_are_unclear(context: Context, keys: str) -> None:
    assert MENU.from_keys(keys, context).outcome == "unclear"


def test_only_the_steps_own_choices_are_offered(catalogue: Catalogue) -> None:
    only = Context(choices={"goodbye": "1"}, words=catalogue.choices)
    assert MENU.from_words("叫醒", "zh", only).outcome == "unclear"
    assert "叫醒" not in MENU.phrases("zh", only)
    assert declared(MENU, only.choices) == ("goodbye",)


def test_words_are_heard_however_the_catalogue_writes_them() -> None:
    context = Context(choices={"a": "1"}, words={"zh": {"a": ("叫醒 服务",)}, "en": {"a": ("Wake  up Call",)}})
    assert (
        MENU.from_words("叫醒服务", "zh", context) == MENU.from_words("wake up call", "en", context) == Answer("a", "a")
    )


def test_a_word_of_two_choices_means_neither() -> None:
    context = Context(choices={"a": "1", "b": "2"}, words={"zh": {"a": ("叫醒",), "b": ("叫醒", "再见")}})
    assert MENU.from_words("叫醒", "zh", context).outcome == "unclear"
    assert MENU.from_words("再见", "zh", context).outcome == "b"
