from __future__ import annotations

import pytest

from ivr.dialogue.understand.answer import Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

DAY = SLOTS["day"]
CASES = {
    "zh": {
        "today": "今天|今晚|今天 早上|[unk] 今天",
        "tomorrow": "明天|明早|明天 早上|明天 [unk]",
        "after_tomorrow": "后天|后天 早上",
        "": "|今天 明天|天|早上|[unk]|七点",
    },
    "en": {
        "today": "today|tonight|today [unk]",
        "tomorrow": "tomorrow|tomorrow morning|tomorrow in the morning|[unk] tomorrow",
        "": "|today tomorrow|morning|in the|[unk]|yes",
    },
}
ROWS = [
    (language, day, said) for language, rows in CASES.items() for day, row in rows.items() for said in row.split("|")
]


@pytest.mark.parametrize(("language", "day", "said"), ROWS)
def test_a_day_by_words(language: Language, day: str, said: str) -> None:
    answer = DAY.from_words(said, language, Context())
    assert (answer.outcome, answer.value) == (("understood", day) if day else ("unclear", ""))


def test_words_and_keys_of_one_day_are_one_answer() -> None:
    for key, zh, en in (("1", "今天", "today"), ("2", "明天", "tomorrow")):
        assert (
            DAY.from_keys(key, Context()) == DAY.from_words(zh, "zh", Context()) == DAY.from_words(en, "en", Context())
        )


@pytest.mark.parametrize("keys", ["", "0", "3", "12", "*"])
def test_other_keys_are_unclear(keys: str) -> None:
    assert DAY.from_keys(keys, Context()).outcome == "unclear"
